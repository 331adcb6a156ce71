import { describe, expect, it } from 'vitest'

import { assemblePlan } from '../../../../src/lib/plan/assemble-plan.js'
import { diffPlans } from '../../../../src/lib/plan/diff-plans.js'
import type { Plan, Step } from '../../../../src/lib/plan/plan.js'
import { summarise } from '../../../../src/lib/plan/summarise.js'
import { DEFAULT_HEAL_POLICY } from '../../../../src/lib/planners/heal/heal-policy.js'
import { planHeal } from '../../../../src/lib/planners/heal/plan-heal.js'
import { renderPlanDiff } from '../../../../src/lib/report/plan/diff-text.js'
import { explainPartition } from '../../../../src/lib/report/plan/explain-text.js'
import { renderPlanMarkdown } from '../../../../src/lib/report/plan/plan-markdown.js'
import { renderPlan } from '../../../../src/lib/report/plan/plan-text.js'
import { describeValidity, renderValidity } from '../../../../src/lib/report/plan/validity-text.js'
import { validatePlan } from '../../../../src/lib/plan/validate-plan.js'
import { plainStyle } from '../../../../src/lib/report/style.js'
import { broker, healthy } from '../../health/cluster-builder.js'
import { aCluster, aPlan, moveOrders1 } from '../../plan/a-plan.js'

const golden = (name: string): string => `./golden/${name}`
const folded = { full: false } as const
const NOON = Date.parse('2026-11-21T12:30:00.000Z')

/** Thirty partitions of which ten and more are led by a broker that is to be relieved. */
function aLongPlan(): Plan {
  const snapshot = aCluster({
    topics: [
      {
        name: 'audit',
        partitions: Array.from({ length: 30 }, (_, id) => ({
          id,
          ...healthy(1, 2, 3),
          bytesInPerSec: 100_000,
          bytesOutPerSec: 0,
          sizeBytes: 1_000_000,
        })),
      },
    ],
  })
  const steps = Array.from({ length: 12 }, (_, partition): Step => ({
    id: partition + 1,
    type: 'leader',
    topic: 'audit',
    partition,
    replicas: [1, 2, 3],
    from: 1,
    to: 2,
    bytesToMove: 0,
    reason: { code: 'ABOVE_BAND', text: 'broker 1 has out 9.00 MB/s, 3.0 x the mean' },
  }))
  return assemblePlan(snapshot, {
    kind: 'balance',
    outcome: 'changes',
    complete: false,
    policy: {},
    steps,
    deferred: [
      {
        subject: 'audit-20',
        reason: {
          code: 'NO_ROOM_OUT',
          text: 'no in-sync follower has room for 9.00 MB/s more out',
        },
        override: '--limit',
      },
    ],
    findings: [],
    summary: { ...summarise(snapshot, steps), lowerBoundBytes: 1_000_000 },
  })
}

function aRefusedHeal(): Plan {
  const snapshot = aCluster({
    brokers: [broker(1), broker(2), broker(3, { state: 'dead' })],
    topics: [
      {
        name: 'orders',
        partitions: [{ id: 0, replicas: [1, 2, 3], isr: [1, 2], leader: 1, sizeBytes: 7e9 }],
      },
    ],
  })
  return assemblePlan(snapshot, planHeal(snapshot, DEFAULT_HEAL_POLICY))
}

describe('a plan for people', () => {
  it('says verdict, source of the numbers with their age, brokers, changes by reason', async () => {
    const text = renderPlan(aPlan(), plainStyle, { full: false, nowMs: NOON })
    await expect(`${text}\n`).toMatchFileSnapshot(golden('plan.txt'))
  })

  it('is folded when it is long, and says what is left out and by which flag it is had', async () => {
    const text = renderPlan(aLongPlan(), plainStyle, folded)
    await expect(`${text}\n`).toMatchFileSnapshot(golden('long-plan.txt'))
    expect(renderPlan(aLongPlan(), plainStyle, { full: true })).toContain('audit-11')
  })

  it('puts the cause of a refusal first and says that nothing was changed', async () => {
    const text = renderPlan(aRefusedHeal(), plainStyle, folded)
    await expect(`${text}\n`).toMatchFileSnapshot(golden('refused-heal.txt'))
  })

  it('with nothing to do is a few lines', () => {
    const lines = renderPlan(aPlan([]), plainStyle, folded).split('\n')
    expect(lines[0]).toMatch(/^Plan balance-[0-9a-f]{8}: nothing to do\.$/)
    expect(lines.length).toBeLessThan(6)
  })

  it('that is not complete points to where the reason stands', () => {
    const finding = {
      ...({ code: 'LEADER_NOT_RESTORED', severity: 'warning', subject: 'orders-1' } as const),
      ...{ message: 'nobody led orders-1 before; broker 2 will lead', nextSteps: [] },
    }
    const firstLine = (plan: Plan): string | undefined =>
      renderPlan(plan, plainStyle, folded).split('\n')[0]
    const found = { complete: false, findings: [finding] }
    expect(firstLine(aPlan([moveOrders1], found))).toMatch(/Not complete: see the findings\.$/)
    expect(firstLine(aPlan([], found))).toMatch(/: no changes\. Not complete: see the findings\.$/)
    const reason = { code: 'NO_ROOM_OUT', text: 'no broker has room' }
    const left = { complete: false, deferred: [{ subject: 'orders-0', reason }] }
    expect(firstLine(aPlan([], left))).toMatch(
      /: no changes\. Not complete: see what is left out\.$/,
    )
  })

  it('is markdown for a pull request, with text from elsewhere kept from being markup', async () => {
    const step = { ...moveOrders1, reason: { code: 'IMPORTED', text: 'a | b <script> `x`' } }
    const text = renderPlanMarkdown(aPlan([step]), folded)
    await expect(`${text}\n`).toMatchFileSnapshot(golden('plan.md'))
  })

  it('has no control characters, whatever a reason holds', () => {
    const step = { ...moveOrders1, reason: { code: 'X', text: 'evil\u001b[2Jtext\nline' } }
    const text = renderPlan(aPlan([step]), plainStyle, folded)
    expect(text).toContain('eviltext line')
    expect(text).not.toContain('\u001b')
  })
})

describe('one partition of a plan', () => {
  it('is explained by its steps and what it carries', async () => {
    const text = explainPartition(aPlan(), 'orders-1', aCluster(), plainStyle)
    await expect(`${text}\n`).toMatchFileSnapshot(golden('explain.txt'))
  })

  it('names the leader that goes on leading, wherever the step is shown', () => {
    const reorder = { ...moveOrders1, to: [3, 2], bytesToMove: 0 }
    const kept = aPlan([{ ...reorder, leader: 2 }])
    expect(explainPartition(kept, 'orders-1', null, plainStyle)).toContain('-> [3 2], led by 2')
    expect(renderPlan(kept, plainStyle, folded)).toContain('-> [3 2], led by 2')
    expect(renderPlanMarkdown(kept, folded)).toContain(', led by 2')
    const diff = renderPlanDiff(diffPlans(aPlan([reorder]), kept), plainStyle, folded)
    expect(diff).toContain('[2 3] -> [3 2], then [2 3] -> [3 2], led by 2')
  })

  it('that stays is said to stay', () => {
    const text = explainPartition(aPlan([moveOrders1]), 'orders-0', null, plainStyle)
    expect(text).toContain('The plan leaves it as it is')
  })
})

describe('two plans, and a plan against a cluster', () => {
  it('differ partition by partition', async () => {
    const other = aPlan([{ ...moveOrders1, to: [2, 1] }])
    const text = renderPlanDiff(diffPlans(aPlan(), other), plainStyle, folded)
    await expect(`${text}\n`).toMatchFileSnapshot(golden('diff.txt'))
  })

  it('fit or do not fit, with what changed', async () => {
    const snapshot = aCluster({ topics: [] })
    const validity = describeValidity(aPlan(), snapshot, validatePlan(aPlan(), snapshot))
    await expect(`${renderValidity(validity, plainStyle, folded)}\n`).toMatchFileSnapshot(
      golden('validity.txt'),
    )
  })
})
