import { createHash, randomUUID } from 'node:crypto'
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import * as z from 'zod'

import type { LockHolder } from '../../ports/journal.js'
import { unusable } from './state-directory.js'

const content = z.object({
  user: z.string(),
  host: z.string(),
  pid: z.number().int(),
  since: z.string(),
  what: z.string(),
  processStart: z.string().nullable(),
})
type LockContent = z.infer<typeof content>

/** Heirs may die as well; more than a few in a row is no accident. */
const MAX_HEIRS = 8
const MAX_TRIES = 4
const PAUSE_MS = 25

/**
 * Takes the lock of one cluster on this host (a file linked into its place) or returns who has it. A holder whose process
 * is gone is inherited from, by one heir only; see {@link inherit}. Throws an OperatorError where nothing can be written.
 */
export async function takeClusterLock(
  directory: string,
  name: string,
  holder: LockHolder,
): Promise<LockHolder | (() => Promise<void>)> {
  try {
    return await take(directory, name, holder)
  } catch (cause) {
    throw unusable(directory, cause instanceof Error ? cause.message : 'it takes no lock', cause)
  }
}

async function take(
  directory: string,
  name: string,
  holder: LockHolder,
): Promise<LockHolder | (() => Promise<void>)> {
  const path = join(directory, `${name}.lock`)
  const mine = { ...holder, processStart: await processStart(holder.pid) }
  for (let tries = 1; ; tries++) {
    if (await createExclusively(path, mine)) return () => release(path, mine)
    const text = await readText(path)
    const other = parseLock(text)
    if (other !== null && (await isAlive(other))) return other
    if (text !== null && (await inherit(path, text, mine))) return () => release(path, mine)
    if (tries >= MAX_TRIES) return other ?? holder
    await sleep(PAUSE_MS)
  }
}

/**
 * Takes the place of a dead holder. The right to do so is a file of its own, named after what the dead one wrote and made by
 * one process only; should that heir die before it is done, the right to inherit from it is the next such file. So there is
 * never a file that two could take for stale and remove, and the lock itself is replaced in one step. False when somebody
 * else is at it, or was.
 */
async function inherit(path: string, dead: string, mine: LockContent): Promise<boolean> {
  const rights: string[] = []
  let predecessor = dead
  while (rights.length < MAX_HEIRS) {
    const right = `${path}.heir-of-${createHash('sha256').update(predecessor).digest('hex').slice(0, 24)}`
    rights.push(right)
    if (await createExclusively(right, mine)) {
      // Whoever held this right before is done with it only after the lock was replaced.
      const isStillDead = (await readText(path)) === dead
      if (isStillDead) await replace(path, mine)
      for (const used of isStillDead ? rights : [right]) await unlink(used).catch(() => undefined)
      return isStillDead
    }
    const text = await readText(right)
    const heir = parseLock(text)
    if (text === null || (heir !== null && (await isAlive(heir)))) return false
    predecessor = text
  }
  return false
}

/** Who has the lock; null when nobody does, or only a process that is gone. */
export async function lockHolder(directory: string, name: string): Promise<LockHolder | null> {
  const lock = parseLock(await readText(join(directory, `${name}.lock`)))
  return lock !== null && (await isAlive(lock)) ? lock : null
}

/** The file appears with its content or not at all: half written, it would look like the lock of a process that is gone. */
async function createExclusively(path: string, lock: LockContent): Promise<boolean> {
  const draft = `${path}.${lock.pid}.${randomUUID()}`
  try {
    await writeFile(draft, JSON.stringify(lock), { flag: 'wx', mode: 0o600, flush: true })
    await link(draft, path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await unlink(draft).catch(() => undefined)
  }
}

async function replace(path: string, lock: LockContent): Promise<void> {
  const draft = `${path}.${lock.pid}.${randomUUID()}`
  await writeFile(draft, JSON.stringify(lock), { flag: 'wx', mode: 0o600, flush: true })
  await rename(draft, path)
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}

function parseLock(text: string | null): LockContent | null {
  try {
    return text === null ? null : content.parse(JSON.parse(text))
  } catch {
    return null
  }
}

async function release(path: string, mine: LockContent): Promise<void> {
  const now = parseLock(await readText(path))
  if (now?.pid === mine.pid && now.since === mine.since) await unlink(path).catch(() => undefined)
}

async function isAlive(lock: LockContent): Promise<boolean> {
  try {
    process.kill(lock.pid, 0)
  } catch (error) {
    return isCode(error, 'EPERM')
  }
  const start = await processStart(lock.pid)
  return start === null || lock.processStart === null || start === lock.processStart
}

/** When a process began, in the kernel's own ticks: tells a pid from its reuse. Null where there is no /proc. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
