import { constants } from 'node:fs'
import { open, rename, unlink, writeFile, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

import { OperatorError } from '../../errors/operator-error.js'
import type { Journal, JournalRecord } from '../../ports/journal.js'
import { formatRecord, readLines } from './record-lines.js'

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants

/** Creates a journal with its first record, both durable when this resolves. Rejects with EEXIST when there is one. */
export async function createJournalFile(path: string, first: JournalRecord): Promise<Journal> {
  const file = await open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  const journal = journalOn(file, path, { checksum: 0, bytes: 0 })
  try {
    await journal.append([first])
    await syncDirectory(dirname(path))
  } catch (error) {
    // Nothing was done under it: what is left of it must not look like an execution.
    await journal.close().catch(() => undefined)
    await unlink(path).catch(() => undefined)
    throw error
  }
  return journal
}

/** Opens a journal for more records, after cutting off a torn tail. */
export async function reopenJournalFile(path: string): Promise<Journal> {
  const file = await open(path, O_RDWR | O_APPEND | O_NOFOLLOW).catch((cause: unknown) => {
    throw unwritable(path, cause)
  })
  const lines = readLines(await file.readFile(), path)
  if (lines.torn) await cutOff(file, path, lines.validBytes)
  return journalOn(file, path, { checksum: lines.checksum, bytes: lines.validBytes })
}

async function cutOff(file: FileHandle, path: string, bytes: number): Promise<void> {
  try {
    await file.truncate(bytes)
    await file.sync()
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

interface End {
  readonly checksum: number
  readonly bytes: number
}

function journalOn(file: FileHandle, path: string, start: End): Journal {
  let end = start
  let isClean = true
  let last: Promise<void> = Promise.resolve()
  const write = async (records: readonly JournalRecord[]): Promise<void> => {
    let text = ''
    let next = end.checksum
    for (const record of records) {
      const formatted = formatRecord(record, next)
      text += formatted.line
      next = formatted.checksum
    }
    try {
      // A full disk may have taken half of what came before: behind that nothing could be read again.
      if (!isClean) await file.truncate(end.bytes)
      isClean = false
      await file.appendFile(text)
      await file.sync()
      isClean = true
    } catch (cause) {
      throw unwritable(path, cause)
    }
    end = { checksum: next, bytes: end.bytes + Buffer.byteLength(text) }
  }
  return {
    path,
    append: (records) => {
      const written = last.then(() => write(records))
      last = written.catch(() => undefined)
      return written
    },
    close: () => last.then(() => file.close()),
  }
}

/** Writes a whole journal under another name first, so that it is there complete or not at all. */
export async function writeJournalFile(
  path: string,
  records: readonly JournalRecord[],
): Promise<void> {
  let text = ''
  let checksum = 0
  for (const record of records) {
    const formatted = formatRecord(record, checksum)
    text += formatted.line
    checksum = formatted.checksum
  }
  const draft = `${path}.${process.pid}.draft`
  try {
    await writeFile(draft, text, { flag: 'w', mode: 0o600, flush: true })
    await rename(draft, path)
    await syncDirectory(dirname(path))
  } catch (cause) {
    await unlink(draft).catch(() => undefined)
    throw unwritable(path, cause)
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** The error for a journal that takes no record. */
export function unwritable(path: string, cause: unknown): OperatorError {
  const why = cause instanceof Error ? cause.message : 'unknown error'
  return new OperatorError({
    code: 'JOURNAL_UNWRITABLE',
    message: `The journal ${path} cannot be written (${why}).`,
    nextSteps: ['make room for it; nothing is changed that is not in it', 'klinic reassign status'],
    exit: 'failed',
    cause,
  })
}
