import { describe, expect, it } from 'vitest'

import { DEFAULT_BALANCE_POLICY } from '../../../../src/lib/planners/balance/balance-policy.js'
import { frameProblem } from '../../../../src/lib/planners/balance/frame-problem.js'
import { toDense } from '../../../../src/lib/planners/search/dense.js'
import { solve } from '../../../../src/lib/planners/search/solve.js'
import { generateModel } from '../../../bench/planner/generate-model.js'
import { solveProgramme } from '../../../bench/planner/linear-programme.js'

const frame = (seed: number) =>
  frameProblem(
    toDense(
      generateModel({
        name: 'oracle',
        seed,
        brokers: 6,
        racks: 3,
        partitions: 60,
        topics: 6,
        zipf: 0.5,
        skew: 0.4,
      }),
    ),
    DEFAULT_BALANCE_POLICY,
  ).problem

describe('the search beside the exact solver', () => {
  it(
    'proves a bound that no optimum is below, and stays near the optimum',
    { timeout: 120_000 },
    async () => {
      const gaps: number[] = []
      for (const seed of [1, 2, 3]) {
        const problem = frame(seed)
        const { work, bound } = solve(problem)
        const linear = await solveProgramme(problem, { integer: false })
        const optimum = await solveProgramme(problem, { integer: true, seconds: 20 })
        if (linear === null || bound === null) continue
        expect(bound).toBeLessThanOrEqual(linear * (1 + 1e-6) + 1)
        if (optimum === null || optimum === 0) continue
        expect(work.bytes).toBeGreaterThanOrEqual(optimum * 0.998 - 1)
        gaps.push(work.bytes / optimum)
      }
      expect(gaps.length).toBeGreaterThan(0)
      for (const gap of gaps) expect(gap).toBeLessThan(1.15)
    },
  )
})
