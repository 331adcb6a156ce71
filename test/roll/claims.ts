import { loadavg } from 'node:os'

import type { MeasuredRoll } from './measure-roll.js'

/** Claims as they are checked: a line for each, and how many did not hold. */
export class Claims {
  failed = 0

  claim(holds: boolean, text: string): void {
    if (!holds) this.failed += 1
    console.log(`${holds ? 'ok     ' : 'FAILED '} ${text}`)
  }

  /** What every roll has to keep, however its brokers are batched. */
  hold(mode: string, how: string, roll: MeasuredRoll): void {
    console.log(
      `${mode}, ${how}: exit ${roll.code ?? 'none'}, ${roll.seconds} s, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
    )
    if (roll.code !== 0) console.log(roll.stderr)
    this.claim(roll.code === 0, `${how}: exit 0`)
    this.claim(
      roll.truth.failed === 0 && roll.truth.belowMinIsr === 0,
      `${how}: ${roll.truth.acked} acknowledged, ${roll.truth.failed} failed, ${roll.truth.belowMinIsr} below min ISR`,
    )
    this.claim(roll.sameProcess.length === 0, `${how}: every start time is new`)
    this.claim(
      roll.harm.length === 0,
      `${how}: leader imbalance 0 %, all in sync ${roll.harm.join('; ')}`,
    )
  }
}
