import type { BrokerEvidence } from '../../../src/lib/model/evidence.js'
import type { Broker, Partition } from '../../../src/lib/model/snapshot.js'
import { broker } from './cluster-builder.js'

/** The cluster builder's clock, so many minutes ago. */
export const ago = (minutes: number): string =>
  new Date(Date.parse('2026-11-21T11:00:00.000Z') - minutes * 60_000).toISOString()

/** A broker that was looked at: registered, and answering. */
export const well = (id: number, changes: Partial<Broker> = {}): Broker =>
  broker(id, {
    ...changes,
    evidence: { registered: 'yes', port: 'open', api: 'answered', ...changes.evidence },
  })

/** Gone: not registered, its port refuses; noticed so many minutes ago. */
export const gone = (id: number, minutes: number, evidence: BrokerEvidence = {}): Broker =>
  broker(id, {
    state: 'dead',
    evidence: { registered: 'no', port: 'refused', awayAt: ago(minutes), ...evidence },
  })

/** Its port is open and it answers nothing, for so many minutes; fenced by now. */
export const hanging = (id: number, minutes: number, changes: Partial<Broker> = {}): Broker =>
  broker(id, {
    state: 'dead',
    fenced: true,
    evidence: {
      registered: 'fenced',
      port: 'open',
      api: 'TIMED_OUT',
      awayAt: ago(minutes),
      silentAt: ago(minutes),
    },
    ...changes,
  })

/** Its port swallows connections, as that of a process does that hung for longer than its backlog lasts; away so long. */
export const swallowing = (id: number, minutes: number, evidence: BrokerEvidence = {}): Broker =>
  gone(id, minutes, { port: 'timed-out', ...evidence })

/** Led by the first replica that is in sync, which `isr` are. */
export const lagging = (
  replicas: readonly number[],
  isr: readonly number[],
  changes: Partial<Partition> = {},
): Omit<Partition, 'id'> => ({ replicas, isr, leader: isr[0] ?? null, ...changes })
