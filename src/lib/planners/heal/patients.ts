import type { BrokerVerdict, JudgedBroker } from '../../health/verdict/judge-broker.js'
import type { Broker, Snapshot } from '../../model/snapshot.js'
import type { HealPolicy } from './heal-policy.js'

/** The brokers as this plan takes them. */
export interface Patients {
  /** Whose replicas are to be placed anew. */
  readonly dead: readonly JudgedBroker[]
  readonly isDead: (broker: number) => boolean
  /** Neither dead nor well: what they hold is left alone. */
  readonly hung: readonly JudgedBroker[]
  readonly restarting: readonly JudgedBroker[]
  /** The snapshot in which only brokers that are well can be a source, and only sound ones a target. */
  readonly snapshot: Snapshot
}

function stateFor(broker: Broker, verdict: BrokerVerdict, isDead: boolean): Broker {
  if (isDead) return { ...broker, state: 'dead' }
  if (verdict === 'alive') return broker
  const isThere = broker.state !== 'dead'
  // One that is catching up still serves what is in sync on it; it is only given nothing.
  const isSource = isThere && (verdict === 'log-dir-failed' || verdict === 'restarting')
  return { ...broker, state: isSource ? 'draining' : 'dead' }
}

/** Sorts the brokers of a snapshot by what a heal may do about each. Those that hold no replica are nobody's concern. */
export function findPatients(
  snapshot: Snapshot,
  verdicts: ReadonlyMap<number, JudgedBroker>,
  policy: HealPolicy,
): Patients {
  const holding = [...verdicts.values()].filter(({ replicas }) => replicas > 0)
  const hung = holding.filter(({ verdict }) => verdict === 'hung')
  const isLong = ({ forMs }: JudgedBroker): boolean => (forMs ?? 0) >= policy.minDeadForMs
  const asDead = policy.treatHungAsDead ? hung.filter(isLong) : []
  const dead = [...holding.filter(({ verdict }) => verdict === 'dead'), ...asDead]
  const ids = new Set(dead.map(({ broker }) => broker))
  const isDead = (broker: number): boolean => ids.has(broker) || !verdicts.has(broker)
  return {
    dead: dead.toSorted((a, b) => a.broker - b.broker),
    isDead,
    hung: hung.filter((judged) => !asDead.includes(judged)),
    restarting: holding.filter(({ verdict }) => verdict === 'restarting'),
    snapshot: {
      ...snapshot,
      brokers: snapshot.brokers.map((broker) => {
        const verdict = verdicts.get(broker.id)?.verdict ?? 'unknown'
        return stateFor(broker, verdict, ids.has(broker.id))
      }),
    },
  }
}
