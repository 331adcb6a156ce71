import { spawn } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'

import { openJournalStore } from '../../../../src/lib/adapters/journal/open-journal-store.js'
import { formatRecord, readLines } from '../../../../src/lib/adapters/journal/record-lines.js'
import type { JournalRecord, StartedRecord } from '../../../../src/lib/ports/journal.js'

const at = '2026-11-21T11:00:00.000Z'
const actor = { user: 'ops', host: 'here', pid: process.pid }
const move = (step: number): JournalRecord => ({ type: 'move', at, step, state: 'intent' })

function started(): StartedRecord {
  return {
    type: 'started',
    format: 'klinic.journal/1',
    at,
    executionId: 'balance-1.x',
    planSha256: '',
    plan: {
      format: 'klinic.plan/1',
      id: 'balance-1',
      kind: 'balance',
      outcome: 'changes',
      complete: true,
      createdAt: at,
      cluster: { id: 'cluster-A_1', fingerprint: 'sha256:0' },
      policy: {},
      steps: [],
      deferred: [],
      findings: [],
      summary: { replicaMoves: 0, leaderMoves: 0, bytesToMove: 0, brokers: [] },
    },
    actor,
    options: {},
  }
}

let directory = ''
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'klinic-journal-')), 'state')
})

describe('the local journal', () => {
  it('reads back what was written, from a private directory and file', async () => {
    const store = openJournalStore(directory)
    const journal = await store.create(started())
    await journal.append([move(1), move(2)])
    await journal.close()
    const stored = await store.read('cluster-A_1', 'balance-1')
    expect(stored?.records).toEqual([started(), move(1), move(2)])
    expect(statSync(journal.path).mode & 0o777).toBe(0o600)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
  })

  it('carries a plan out at most once', async () => {
    const store = openJournalStore(directory)
    await (await store.create(started())).close()
    await expect(store.create(started())).rejects.toMatchObject({ code: 'PLAN_ALREADY_EXECUTED' })
  })

  it('begins again where not even the first record was written whole: nothing was done under it', async () => {
    const store = openJournalStore(directory)
    const journal = await store.create(started())
    await journal.close()
    for (const torn of ['', '0badc0de {"type":"started","at":"2026-11-']) {
      writeFileSync(journal.path, torn)
      await (await store.create(started())).close()
      expect((await store.read('cluster-A_1', 'balance-1'))?.records).toEqual([started()])
    }
  })

  it('drops a torn last record, and goes on behind the last whole one', async () => {
    const store = openJournalStore(directory)
    const journal = await store.create(started())
    await journal.close()
    appendFileSync(journal.path, '0badc0de {"type":"move","at":"2026-11-')
    const stored = await store.read('cluster-A_1', 'balance-1')
    expect([stored?.torn, stored?.records.length]).toEqual([true, 1])
    const again = await store.reopen('cluster-A_1', 'balance-1')
    await again.append([move(7)])
    await again.close()
    const after = await store.read('cluster-A_1', 'balance-1')
    expect([after?.torn, after?.records]).toEqual([false, [started(), move(7)]])
  })

  it('refuses a journal that is damaged before its end', async () => {
    const store = openJournalStore(directory)
    const journal = await store.create(started())
    await journal.append([move(1)])
    await journal.close()
    const text = readFileSync(journal.path, 'utf8')
    writeFileSync(journal.path, text.replace('cluster-A_1', 'cluster-B_1'))
    await expect(store.read('cluster-A_1', 'balance-1')).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
      exit: 'badData',
    })
    const other = { ...started(), plan: { ...started().plan, id: 'balance-2' } }
    await (await store.create(other)).close()
    const listed = await store.list('cluster-A_1')
    expect(
      listed.map(({ path, records, damaged }) => [basename(path), records.length, damaged]),
    ).toEqual([
      ['balance-2.journal', 1, undefined],
      ['balance-1.journal', 0, expect.stringContaining('is damaged in line 1')],
    ])
  })

  it('refuses a state directory that others may write to', async () => {
    const store = openJournalStore(directory)
    await (await store.create(started())).close()
    chmodSync(directory, 0o777)
    await expect(store.create(started())).rejects.toMatchObject({
      code: 'STATE_DIRECTORY_UNUSABLE',
    })
  })

  it('lets no id of a plan or a cluster out of its directory', async () => {
    const store = openJournalStore(directory)
    for (const id of ['../../etc', '..', '.hidden', 'a/b']) {
      await expect(store.list(id)).rejects.toMatchObject({ code: 'BAD_ID' })
    }
    expect(await store.list('prod-2.1')).toEqual([])
  })

  it('reads a prefix of what was written from any cut, and never anything else', () => {
    const records = [started(), move(1), move(2), move(3)]
    let checksum = 0
    let text = ''
    for (const record of records) {
      const formatted = formatRecord(record, checksum)
      checksum = formatted.checksum
      text += formatted.line
    }
    const whole = Buffer.from(text)
    for (let length = 0; length <= whole.length; length++) {
      const read = readLines(whole.subarray(0, length), 'x').records
      expect(read).toEqual(records.slice(0, read.length))
    }
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const bytes = Buffer.from(whole)
        bytes[index] = (bytes[index] ?? 0) ^ flip
        try {
          const read = readLines(bytes, 'x').records
          expect(read).toEqual(records.slice(0, read.length))
        } catch (error) {
          expect(error).toMatchObject({ exit: 'badData' })
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the lock of a cluster on this host', () => {
  const holder = { ...actor, since: at, what: 'test' }

  it('is had by one, told to the other, and free again after its release', async () => {
    const store = openJournalStore(directory)
    const release = await store.lock('c', holder)
    expect(await store.lock('c', { ...holder, what: 'other' })).toMatchObject({ what: 'test' })
    expect(await store.holder('c')).toMatchObject({ what: 'test' })
    if (typeof release === 'function') await release()
    expect(await store.holder('c')).toBeNull()
    expect(typeof (await store.lock('c', holder))).toBe('function')
  })

  it('is had by one only of those that come at the same moment', async () => {
    const store = openJournalStore(directory)
    for (let round = 0; round < 30; round++) {
      const taken = await Promise.all([1, 2, 3].map(() => store.lock('c', holder)))
      const winners = taken.filter((one) => typeof one === 'function')
      expect(winners).toHaveLength(1)
      await winners[0]?.()
    }
  })

  it('is inherited from a process that is gone', async () => {
    const store = openJournalStore(directory)
    const child = spawn('sleep', ['60'])
    await store.lock('c', { ...holder, pid: child.pid ?? 0 })
    expect(await store.lock('c', holder)).toMatchObject({ pid: child.pid })
    child.kill('SIGKILL')
    await new Promise((resolve) => child.on('exit', resolve))
    expect(typeof (await store.lock('c', holder))).toBe('function')
  })
})
