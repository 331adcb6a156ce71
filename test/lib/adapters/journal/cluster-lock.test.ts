import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { lockHolder, takeClusterLock } from '../../../../src/lib/adapters/journal/cluster-lock.js'
import { unusable } from '../../../../src/lib/adapters/journal/state-directory.js'

const SINCE = '2026-11-21T11:00:00.000Z'
const holder = (what: string) => ({
  user: 'ops',
  host: 'here',
  pid: process.pid,
  since: SINCE,
  what,
})
/** A process id that no system gives out. */
const DEAD = { ...holder('dead'), pid: 2 ** 30, processStart: '1' }

function directoryWith(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'klinic-lock-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  return directory
}

const heirOf = (text: string): string =>
  `c.lock.heir-of-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`

async function takeAtOnce(directory: string, count: number): Promise<number> {
  const names = Array.from({ length: count }, (_none, index) => `take ${index}`)
  const taken = await Promise.all(
    names.map((what) => takeClusterLock(directory, 'c', holder(what))),
  )
  return taken.filter((one) => typeof one === 'function').length
}

describe('inheriting the lock of a process that is gone', () => {
  it('lets one of many inherit, and leaves nothing lying about', async () => {
    for (let round = 0; round < 20; round++) {
      const directory = directoryWith({ 'c.lock': JSON.stringify(DEAD) })
      expect(await takeAtOnce(directory, 6)).toBe(1)
      expect(readdirSync(directory)).toEqual(['c.lock'])
    }
  })

  it('lets one of many inherit when an heir has died before it was done', async () => {
    const dead = JSON.stringify(DEAD)
    const heir = JSON.stringify({ ...DEAD, what: 'heir' })
    for (let round = 0; round < 20; round++) {
      const directory = directoryWith({ 'c.lock': dead, [heirOf(dead)]: heir })
      expect(await takeAtOnce(directory, 6)).toBe(1)
      expect(readdirSync(directory)).toEqual(['c.lock'])
    }
  })

  it('waits for an heir that lives', async () => {
    const dead = JSON.stringify(DEAD)
    const living = JSON.stringify({ ...holder('heir'), processStart: null })
    const directory = directoryWith({ 'c.lock': dead, [heirOf(dead)]: living })
    expect(await takeAtOnce(directory, 3)).toBe(0)
    expect(await lockHolder(directory, 'c')).toBeNull()
  })

  it('inherits from a lock that nobody can read', async () => {
    expect(await takeAtOnce(directoryWith({ 'c.lock': 'torn' }), 3)).toBe(1)
  })
})

describe('the lock in a state directory that takes nothing', () => {
  // Root may write wherever modes forbid it, so a file stands where the directory would be.
  const file = join(directoryWith({ locks: '' }), 'locks')

  it('is refused by name before anything is begun, not as an unknown error', async () => {
    await expect(takeClusterLock(file, 'c', holder('x'))).rejects.toMatchObject({
      code: 'STATE_DIRECTORY_UNUSABLE',
      exit: 'failed',
      message: expect.stringContaining('ENOTDIR') as string,
    })
  })

  it('asks for room where it is full, and for its mode where it may not be written', () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    const denied = Object.assign(new Error('read-only file system'), { code: 'EROFS' })
    expect(unusable('/state', full.message, full).nextSteps[0]).toBe('make room there')
    expect(unusable('/state', denied.message, denied).nextSteps[0]).toBe('chmod 0700 /state')
  })
})
