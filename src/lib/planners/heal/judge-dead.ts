import type { Finding } from '../../model/finding.js'
import type { Broker, Snapshot } from '../../model/snapshot.js'
import type { HealPolicy } from './heal-policy.js'

/** One, or a tenth of the brokers: more at once is seldom the brokers' own fault. */
export function defaultMaxDead(brokers: number): number {
  return Math.max(1, Math.floor(brokers / 10))
}

function ageMs(broker: Broker, capturedAt: string): number | null {
  return broker.lastSeen === undefined ? null : Date.parse(capturedAt) - Date.parse(broker.lastSeen)
}

/** Blockers that lie with the dead brokers themselves: too many at once, or gone for too short a time. */
export function judgeDead(
  snapshot: Snapshot,
  dead: readonly Broker[],
  policy: HealPolicy,
): readonly Finding[] {
  const most = policy.maxDead ?? defaultMaxDead(snapshot.brokers.length)
  const names = dead.map(({ id }) => String(id)).join(', ')
  const tooMany: readonly Finding[] =
    dead.length <= most
      ? []
      : [
          {
            code: 'TOO_MANY_DEAD',
            severity: 'blocker',
            subject: `brokers ${names}`,
            message: `${dead.length} of ${snapshot.brokers.length} brokers are dead (${names}), more than ${most}: that looks like a network problem`,
            nextSteps: [`klinic cluster status`, `klinic heal plan --max-dead ${dead.length}`],
          },
        ]
  const tooFresh = dead.flatMap((broker): readonly Finding[] => {
    const age = ageMs(broker, snapshot.capturedAt)
    if (age === null || age >= policy.minDeadForMs) return []
    const [gone, wanted] = [Math.floor(age / 1000), Math.round(policy.minDeadForMs / 1000)]
    const message = `broker ${broker.id} is gone for ${gone} s only, less than ${wanted} s: it may be restarting`
    return [
      {
        code: 'DEAD_TOO_SHORT',
        severity: 'blocker',
        subject: `broker ${broker.id}`,
        message,
        nextSteps: [`Try again in ${wanted - gone} s, or say --min-dead-for ${gone}s`],
      },
    ]
  })
  return [...tooMany, ...tooFresh, ...tellUndated(dead)]
}

/** The minimum time cannot be held against a broker that nobody has seen going. */
function tellUndated(dead: readonly Broker[]): readonly Finding[] {
  const names = dead.filter(({ lastSeen }) => lastSeen === undefined).map(({ id }) => id)
  if (names.length === 0) return []
  const which = `broker${names.length === 1 ? '' : 's'} ${names.join(', ')}`
  return [
    {
      code: 'DEAD_SINCE_UNKNOWN',
      severity: 'warning',
      subject: which,
      message: `since when ${which} ${names.length === 1 ? 'is' : 'are'} dead is not known: make sure that nobody is restarting it just now`,
      nextSteps: ['klinic cluster status'],
    },
  ]
}
