import type { AlertMessage } from '../../../../src/lib/ports/alerts.js'

/** An alert as heal run raises it. */
export const message: AlertMessage = {
  format: 'klinic.alert/1',
  event: 'raised',
  cluster: { id: '7XkQm2yWQpqv3sJ1b0cNrA', name: 'prod' },
  kind: 'BROKER_DEAD',
  subject: 'broker 3',
  severity: 'critical',
  message: 'broker 3 is dead since 02:00 & holds 12 replicas <of orders>',
  nextSteps: ['klinic cluster check --cluster prod', 'klinic heal plan --cluster prod'],
  since: '2026-11-21T02:00:00.000Z',
  at: '2026-11-21T02:10:00.000Z',
  key: '7XkQm2yWQpqv3sJ1b0cNrA/BROKER_DEAD/broker 3',
  host: 'ops-1',
}

/** Two attempts, with time enough for a machine that is busy. */
export const limits = { timeoutMs: 20_000, retries: 1 }
/** Two attempts for what never answers. */
export const hasty = { timeoutMs: 500, retries: 1 }
