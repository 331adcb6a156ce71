import type { RecordedOptions } from '../execution/reassign/recorded-options.js'
import { windowChoice, type WindowValues } from './window-flags.js'

/** Flags that lift a guard of an execution that is gone on with. */
export interface LiftedAgainValues extends Pick<WindowValues, 'ignore-windows'> {
  readonly 'ignore-maintenance'?: boolean | undefined
  readonly 'ignore-partial-view'?: boolean | undefined
}

/**
 * Guards that this run lifts, for its record: of windows the next one knows; of maintenance and of a partial view it has to be
 * told again, since it may be another one.
 */
export const liftedAgain = (flags: LiftedAgainValues): RecordedOptions => ({
  ...windowChoice(flags),
  ...(flags['ignore-maintenance'] === true && { ignoresMaintenance: true }),
  ...(flags['ignore-partial-view'] === true && { ignoresPartialView: true }),
})
