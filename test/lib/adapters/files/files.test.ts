import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { beforeEach, describe, expect, it } from 'vitest'

import {
  readPlanFile,
  readPlanSource,
  writeKafkaJsonFile,
  writePlanFile,
} from '../../../../src/lib/adapters/files/plan-file.js'
import {
  readSnapshotFile,
  writeSnapshotFile,
} from '../../../../src/lib/adapters/files/snapshot-file.js'
import { wantedLists } from '../../../../src/lib/plan/kafka-json.js'
import { aCluster, aPlan } from '../../plan/a-plan.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klinic-files-'))
})
const at = (name: string): string => join(folder, name)

describe('plan files', () => {
  it('come back, plain and packed, and are readable for reviewers', async () => {
    for (const name of ['p.json', 'p.json.gz']) {
      await writePlanFile(at(name), aPlan())
      expect(await readPlanFile(at(name))).toEqual(aPlan())
      expect(statSync(at(name)).mode & 0o777 & ~0o022).toBe(0o644)
    }
    expect(readdirSync(folder).sort()).toEqual(['p.json', 'p.json.gz'])
  })

  it('are the same bytes for the same plan, packed too', async () => {
    await writePlanFile(at('a.json.gz'), aPlan())
    await writePlanFile(at('b.json.gz'), aPlan())
    expect(readFileSync(at('a.json.gz'))).toEqual(readFileSync(at('b.json.gz')))
  })

  it('are never written for a refused plan', async () => {
    const refused = { ...aPlan([]), outcome: 'refused' } as const
    await expect(writePlanFile(at('p.json'), refused)).rejects.toMatchObject({ exit: 'refused' })
    expect(readdirSync(folder)).toEqual([])
  })

  it("are told apart from Kafka's JSON, with the checksum that sha256sum prints", async () => {
    await writePlanFile(at('p.json'), aPlan())
    await writeKafkaJsonFile(at('k.json'), wantedLists(aPlan(), 'target'))
    expect((await readPlanSource(at('p.json'))).kind).toBe('plan')
    expect((await readPlanSource(at('k.json'))).kind).toBe('kafka-json')
    writeFileSync(at('x.json'), '{"partitions":[]}')
    const ofText = '7e67ac1ea6d33243d34e832a57e200c7cb9ffe9c375f88cdf012ab798f69d217'
    expect(await readPlanSource(at('x.json'))).toMatchObject({ sha256: ofText, fileSha256: ofText })
    const packed = gzipSync('{"partitions":[]}')
    writeFileSync(at('x.json.gz'), packed)
    const ofFile = createHash('sha256').update(packed).digest('hex')
    const source = await readPlanSource(at('x.json.gz'))
    expect(source).toMatchObject({ sha256: ofText, fileSha256: ofFile })
  })

  it('that are missing, a directory, torn or not text are refused by name', async () => {
    const refusal = { code: 'PLAN_UNREADABLE', exit: 'badData' }
    await expect(readPlanFile(at('no.json'))).rejects.toMatchObject({
      ...refusal,
      message: `${at('no.json')} cannot be read as a plan: there is no such file`,
    })
    await expect(readPlanFile(folder)).rejects.toMatchObject(refusal)
    writeFileSync(at('torn.json.gz'), gzipSync('{}').subarray(0, 12))
    await expect(readPlanFile(at('torn.json.gz'))).rejects.toMatchObject(refusal)
    writeFileSync(at('binary.json'), Buffer.from([0xff, 0xfe, 0x00]))
    await expect(readPlanFile(at('binary.json'))).rejects.toMatchObject(refusal)
  })

  it('that cannot be written leave nothing behind', async () => {
    await expect(writePlanFile(at('no/p.json'), aPlan())).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
    })
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('snapshot files', () => {
  it('come back, plain and packed', async () => {
    for (const name of ['s.json', 's.json.gz']) {
      await writeSnapshotFile(at(name), aCluster())
      expect(await readSnapshotFile(at(name))).toEqual(aCluster())
    }
  })
})
