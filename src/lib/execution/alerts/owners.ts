import type { AlertCause } from '../../model/alert.js'

/** What names an alert: one that was told before, or a cause. */
export type AlertName = Pick<AlertCause, 'kind' | 'subject'>

/** Whether an alert is one that this caller names as long as it holds: only such may it call over. */
export type IsOurs = (alert: AlertName) => boolean

/** Kind of what `broker replace` tells. */
export const REPLACEMENT_FAILED = 'REPLACEMENT_FAILED'

/** Subject of an alert about one broker. */
export const brokerSubject = (broker: number): string => `broker ${broker}`

/** Everything but what a replacement told: a heal run knows nothing of that. */
export const isOfHealing: IsOurs = ({ kind }) => kind !== REPLACEMENT_FAILED

/** What an earlier replacement of the same broker told. */
export const isOfReplacing =
  (broker: number): IsOurs =>
  ({ kind, subject }) =>
    kind === REPLACEMENT_FAILED && subject === brokerSubject(broker)
