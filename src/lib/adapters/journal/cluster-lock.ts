import { randomUUID } from 'node:crypto'
import { link, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import * as z from 'zod'

import type { LockHolder } from '../../ports/journal.js'

const content = z.object({
  user: z.string(),
  host: z.string(),
  pid: z.number().int(),
  since: z.string(),
  what: z.string(),
  processStart: z.string().nullable(),
})
type LockContent = z.infer<typeof content>

/** A take-over that began this long ago was itself cut off by a crash. */
const TAKE_OVER_STALE_MS = 10_000

/**
 * Takes the lock of one cluster on this host (a file linked into its place) or returns who has it. A holder whose process
 * is gone is taken over: that happens under a second exclusive file, so that two cannot both inherit.
 */
export async function takeClusterLock(
  directory: string,
  name: string,
  holder: LockHolder,
): Promise<LockHolder | (() => Promise<void>)> {
  const path = join(directory, `${name}.lock`)
  const mine = { ...holder, processStart: await processStart(holder.pid) }
  if (await createExclusively(path, mine)) return () => release(path, mine)
  const other = await readLock(path)
  if (other !== null && (await isAlive(other))) return other
  const takeOver = `${path}.take-over`
  await dropStale(takeOver)
  if (!(await createExclusively(takeOver, mine))) return other ?? holder
  try {
    const again = await readLock(path)
    if (again !== null && (await isAlive(again))) return again
    await unlink(path).catch(() => undefined)
    if (await createExclusively(path, mine)) return () => release(path, mine)
    return (await readLock(path)) ?? holder
  } finally {
    await unlink(takeOver).catch(() => undefined)
  }
}

/** Who has the lock; null when nobody does, or only a process that is gone. */
export async function lockHolder(directory: string, name: string): Promise<LockHolder | null> {
  const lock = await readLock(join(directory, `${name}.lock`))
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

async function readLock(path: string): Promise<LockContent | null> {
  try {
    return content.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
}

async function release(path: string, mine: LockContent): Promise<void> {
  const now = await readLock(path)
  if (now?.pid === mine.pid && now.since === mine.since) await unlink(path).catch(() => undefined)
}

async function dropStale(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found !== null && Date.now() - found.mtimeMs > TAKE_OVER_STALE_MS) {
    await unlink(path).catch(() => undefined)
  }
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
