import { describe, expect, it } from 'vitest'

import { checkSha256, describePreparation, warningsOf } from '../../../src/lib/cli/execute-plan.js'
import { movesOf } from '../../../src/lib/execution/reassign/moves.js'
import { prepare } from '../../../src/lib/execution/reassign/prepare.js'
import { sealPlan } from '../../../src/lib/plan/assemble-plan.js'
import { importKafkaJson } from '../../../src/lib/plan/import-kafka-json.js'
import { describeWork } from '../../../src/lib/report/execution/preparation-text.js'
import { makeOneStepPlan, makeSnapshot } from '../execution/reassign/builders.js'

describe('what is said before a plan is executed', () => {
  const snapshot = makeSnapshot([{ id: 0, replicas: [1, 2], isr: [1, 2], leader: 1 }])
  const options = { allowReplicationFactorChange: false }
  const importOf = (more: object) => {
    const partition = { topic: 'orders', partition: 0, replicas: [3, 2], ...more }
    const text = JSON.stringify({ version: 1, partitions: [partition] })
    return importKafkaJson(text, 'file.json', snapshot, options)
  }

  it("names what of Kafka's JSON is not applied or not known", async () => {
    const warnings = await warningsOf(importOf({ log_dirs: ['/data/1', 'any'] }), snapshot)
    expect(warnings).toEqual([
      expect.stringContaining('log directories: not applied'),
      expect.stringContaining('no known size'),
    ])
  })
})

describe('the work that a question names', () => {
  const partition = { id: 0, replicas: [1, 2], isr: [1, 2], leader: 1 }
  const before = makeSnapshot([partition])
  const plan = inTwoSteps()
  /** A list is brought back, then its order: two steps of one partition. */
  function inTwoSteps() {
    const { id: _id, ...content } = makeOneStepPlan(before, [1, 2], [3, 2])
    const [step] = content.steps
    const order = { ...step!, id: 2, from: [3, 2], to: [2, 3], leader: 3, bytesToMove: 0 }
    return sealPlan({ ...content, steps: [step!, order] } as typeof content)
  }
  const workOn = (snapshot: typeof before, flags = new Set<'skip-changed' | 'accept-edits'>()) => {
    const lifted = flags.add('accept-edits')
    const input = { plan, snapshot, flags: lifted, throttleBytesPerSec: null }
    const settings = { throttleBytesPerSec: null } as Parameters<typeof describePreparation>[2]
    return describePreparation(plan, prepare(input), settings)
  }

  it('is partitions, however many steps each of them takes', () => {
    expect(movesOf(plan)).toHaveLength(2)
    const work = workOn(before)
    expect(work).toMatchObject({ moves: 2, partitions: 1, skipped: 0, alreadyDone: 0 })
    expect(describeWork(work)).toMatch(/^move 1 partition\b/)
  })

  it('counts once what is there already, and what is left out', () => {
    const there = { ...partition, replicas: [2, 3], isr: [2, 3], leader: 3 }
    expect(workOn(makeSnapshot([there]))).toMatchObject({ partitions: 0, alreadyDone: 1 })
    const changed = makeSnapshot([{ ...partition, replicas: [1, 4], isr: [1, 4] }])
    const skipping = workOn(changed, new Set(['skip-changed'] as const))
    expect(skipping).toMatchObject({ partitions: 0, skipped: 1, alreadyDone: 0 })
    expect(describeWork(skipping)).toContain('leaving out 1')
  })
})

describe('the checksum of the plan that was reviewed', () => {
  const source = { sha256: 'aa', fileSha256: 'bb' }

  it('may be that of the file as it lies there, or of the text in it', () => {
    for (const wanted of [undefined, 'aa', 'BB', 'sha256:bb']) {
      expect(() => checkSha256(source, wanted)).not.toThrow()
    }
  })

  it('refuses any other file, and says what it has', () => {
    expect(() => checkSha256(source, 'cc')).toThrow(/has SHA-256 bb \(unpacked aa\), not cc/)
  })
})
