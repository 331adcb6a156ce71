import type { BalancedResource } from '../../model/broker-load.js'
import type { Finding } from '../../plan/plan.js'
import { FACT, type Dense } from '../search/dense.js'
import { formatAmount } from './amounts.js'
import type { BalancePolicy } from './balance-policy.js'
import type { Miss } from './judge-outcome.js'

/** Share of the partitions whose traffic must be known before in or out are planned. */
export const LEAST_COVERAGE = 0.95

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

function withFact(dense: Dense, fact: number): number {
  let count = 0
  for (const facts of dense.facts) if ((facts & fact) !== 0) count++
  return count
}

/** Share of the partitions whose traffic is known; one without a leader has none that anybody could know. */
function shareKnown({ facts }: Dense): number {
  let led = 0
  let unknown = 0
  for (const fact of facts) {
    if ((fact & FACT.noLeader) !== 0) continue
    led++
    if ((fact & FACT.trafficUnknown) !== 0) unknown++
  }
  return led === 0 ? 1 : 1 - unknown / led
}

/** What stands in the way of any plan: too little known, or nobody to give anything to. */
export function findBlockers(
  dense: Dense,
  policy: BalancePolicy,
  target: Uint8Array,
): readonly Finding[] {
  const found: Finding[] = []
  const needsTraffic = policy.resources.some((name) => name === 'in' || name === 'out')
  const known = shareKnown(dense)
  if (needsTraffic && known < LEAST_COVERAGE)
    found.push({
      code: 'TRAFFIC_UNKNOWN',
      severity: 'blocker',
      subject: 'traffic',
      message:
        `traffic is known for ${(known * 100).toFixed(1)} % of the partitions; ` +
        `in and out are planned from ${LEAST_COVERAGE * 100} % on`,
      nextSteps: [
        'measure it: add --observe 60s, or run klinic stats collect',
        'or plan by counts: --resources replicas,leaders',
      ],
    })
  if (dense.brokers.length > 0 && !target.includes(1))
    found.push({
      code: 'NO_TARGETS',
      severity: 'blocker',
      subject: 'brokers',
      message: 'no broker that is alive and not draining may be given anything',
      nextSteps: ['see --only-to and --exclude-brokers'],
    })
  return found
}

function notAlive(dense: Dense): readonly Finding[] {
  const offline = withFact(dense, FACT.offlineReplica)
  return dense.brokers.flatMap((broker): Finding[] => {
    if (broker.state === 'alive') return []
    const dead = broker.state === 'dead'
    return [
      {
        code: dead ? 'DEAD_BROKER' : 'DRAINING_BROKER',
        severity: dead ? 'warning' : 'info',
        subject: `broker ${broker.id}`,
        message: dead
          ? `broker ${broker.id} is dead: the living are balanced, ` +
            `${plural(offline, 'partition')} with offline replicas keep them where they are`
          : `broker ${broker.id} is draining: it is given nothing and keeps what it has`,
        nextSteps: dead ? ['klinic heal plan'] : [],
      },
    ]
  })
}

function leftAlone(dense: Dense): readonly Finding[] {
  const found: Finding[] = []
  const inFlight = withFact(dense, FACT.inFlight)
  const unknown = withFact(dense, FACT.trafficUnknown)
  if (inFlight > 0)
    found.push({
      code: 'IN_FLIGHT',
      severity: 'info',
      subject: 'reassignments',
      message: `${plural(inFlight, 'partition')} being reassigned are left alone and counted where they will be`,
      nextSteps: [],
    })
  if (unknown > 0)
    found.push({
      code: 'TRAFFIC_PARTLY_UNKNOWN',
      severity: 'info',
      subject: 'traffic',
      message: `${plural(unknown, 'partition')} of unknown traffic count as nothing`,
      nextSteps: [],
    })
  return found
}

const KINDS: Readonly<Record<Miss['kind'], string>> = {
  'over-limit': 'over its limit',
  'above-band': 'above the band',
  'below-band': 'below the band',
}

/** Brokers outside the band, one finding a resource: a goal that was missed is told, it stops nothing. */
function bandMissed(misses: readonly Miss[]): readonly Finding[] {
  const names = new Set<BalancedResource>(misses.map((miss) => miss.bounds.resource.name))
  return [...names].flatMap((name): Finding[] => {
    const ofName = misses.filter(
      (miss) => miss.bounds.resource.name === name && miss.kind !== 'over-limit',
    )
    if (ofName.length === 0) return []
    const shown = ofName
      .slice(0, 5)
      .map(
        (miss) =>
          `broker ${miss.broker} at ${formatAmount(name, miss.load)} is ${KINDS[miss.kind]} (${formatAmount(name, miss.wanted)})`,
      )
    const more = ofName.length > 5 ? ` and ${ofName.length - 5} more` : ''
    return [
      {
        code: 'BAND_NOT_REACHED',
        severity: 'warning',
        subject: name,
        message: `${plural(ofName.length, 'broker')} stay outside the band of ${name}: ${shown.join('; ')}${more}`,
        nextSteps: [
          'a wider --band asks for less',
          'see --explain TOPIC-PARTITION for the rules in the way',
        ],
      },
    ]
  })
}

/** What is worth telling beside the steps: brokers that are not alive, what was left alone, goals that were missed. */
export function tellFindings(dense: Dense, misses: readonly Miss[]): readonly Finding[] {
  return [...notAlive(dense), ...leftAlone(dense), ...bandMissed(misses)]
}
