import { holds } from './may-place.js'
import { apply, weigh } from './weigh.js'
import type { Work } from './work.js'

/** Violation that a simplification may add: none but rounding. */
const ROUNDING = 1e-12

/**
 * Takes back leadership changes that nothing needs: a partition whose leader before still holds it is led by it again
 * where no row leaves its bounds. Large ones first, as each leaves the others more room.
 */
export function keepLeaders(work: Work): void {
  const { dense } = work.problem
  const changed: number[] = []
  for (let p = 0; p < dense.leader.length; p++) {
    const home = dense.leader[p]!
    if (home >= 0 && work.state.leader[p] !== home && holds(work, p, home)) changed.push(p)
  }
  changed.sort((a, b) => dense.bytesLed[a]! - dense.bytesLed[b]! || a - b)
  for (const p of changed) {
    const home = dense.leader[p]!
    const back = { p, slot: -1, to: -1, lead: home }
    weigh(work, back)
    if (work.out.violation <= ROUNDING) apply(work, back)
  }
}
