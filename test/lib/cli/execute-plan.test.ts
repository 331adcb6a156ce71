import { describe, expect, it } from 'vitest'

import { checkSha256, warningsOf } from '../../../src/lib/cli/execute-plan.js'
import { importKafkaJson } from '../../../src/lib/plan/import-kafka-json.js'
import { makeSnapshot } from '../execution/reassign/builders.js'

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
