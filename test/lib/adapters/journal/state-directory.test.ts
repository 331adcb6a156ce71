import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { openJournalStore } from '../../../../src/lib/adapters/journal/open-journal-store.js'
import { CLUSTER, move, newStateDirectory, PLAN, startedOn } from './journal-builders.js'

const isRoot = process.getuid?.() === 0

describe('a state directory that fails', () => {
  let directory = ''
  const journalFile = (): string => join(directory, 'journals', CLUSTER, `${PLAN}.journal`)

  beforeEach(() => {
    directory = newStateDirectory()
  })

  it('refuses to begin where it cannot be made', async () => {
    writeFileSync(directory, 'a file stands in its place')
    await expect(openJournalStore(directory).create(startedOn('here'))).rejects.toMatchObject({
      code: 'STATE_DIRECTORY_UNUSABLE',
    })
  })

  it('refuses to begin in a directory that others may write to', async () => {
    mkdirSync(directory)
    chmodSync(directory, 0o770)
    await expect(openJournalStore(directory).create(startedOn('here'))).rejects.toMatchObject({
      code: 'STATE_DIRECTORY_UNUSABLE',
    })
  })

  it.runIf(isRoot)("refuses to begin in somebody else's directory", async () => {
    mkdirSync(directory, { mode: 0o700 })
    chownSync(directory, 65_534, 65_534)
    await expect(openJournalStore(directory).create(startedOn('here'))).rejects.toMatchObject({
      code: 'STATE_DIRECTORY_UNUSABLE',
    })
  })

  it('does not take a journal for one in which a byte was flipped', async () => {
    const journal = await openJournalStore(directory).create(startedOn('here'))
    await journal.append([move(1), move(2), move(3)])
    await journal.close()
    const bytes = readFileSync(journalFile())
    const middle = bytes.indexOf('"step":2')
    bytes[middle + 7] = '9'.charCodeAt(0)
    writeFileSync(journalFile(), bytes)
    await expect(openJournalStore(directory).read(CLUSTER, PLAN)).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
      exit: 'badData',
    })
  })

  describe.runIf(isRoot)('on a file system of its own', () => {
    beforeEach(() => {
      mkdirSync(directory)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=0700', 'tmpfs', directory])
    })
    afterEach(() => {
      execFileSync('umount', ['-l', directory])
    })

    const fillUp = (): void => {
      const filler = join(directory, 'filler')
      expect(() => writeFileSync(filler, Buffer.alloc(1_000_000))).toThrow('ENOSPC')
    }

    it('begins nothing when it is full, and the plan can be executed when there is room', async () => {
      const store = openJournalStore(directory)
      mkdirSync(join(directory, 'journals', CLUSTER), { recursive: true, mode: 0o700 })
      fillUp()
      await expect(store.create(startedOn('here', 100))).rejects.toMatchObject({
        code: 'JOURNAL_UNWRITABLE',
        exit: 'failed',
      })
      rmSync(join(directory, 'filler'))
      expect(await store.list(CLUSTER)).toEqual([])
      await (await store.create(startedOn('here', 100))).close()
    })

    it('that fills up takes no half record: what is written when there is room again can be read', async () => {
      const store = openJournalStore(directory)
      const journal = await store.create(startedOn('here'))
      fillUp()
      const many = Array.from({ length: 500 }, (_, index) => move(index))
      await expect(journal.append(many)).rejects.toMatchObject({ code: 'JOURNAL_UNWRITABLE' })
      rmSync(join(directory, 'filler'))
      await journal.append([move(7, 'done')])
      await journal.close()
      const stored = await store.read(CLUSTER, PLAN)
      expect(stored).toMatchObject({ torn: false })
      expect(stored?.records.slice(1)).toEqual([move(7, 'done')])
    })

    it('begins nothing when it is read-only', async () => {
      const store = openJournalStore(directory)
      mkdirSync(join(directory, 'journals', CLUSTER), { recursive: true, mode: 0o700 })
      execFileSync('mount', ['-o', 'remount,ro', directory])
      await expect(store.create(startedOn('here'))).rejects.toMatchObject({
        code: 'JOURNAL_UNWRITABLE',
        exit: 'failed',
      })
      expect(statSync(directory).isDirectory()).toBe(true)
    })
  })

  it('was tried full and read-only, which takes root: CI has to run as root', () => {
    expect(process.env['CI'] === undefined || isRoot).toBe(true)
  })
})
