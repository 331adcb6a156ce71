import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

import { OperatorError } from '../../errors/operator-error.js'
import type { Journal, JournalRecord } from '../../ports/journal.js'
import { formatRecord, readLines } from './record-lines.js'

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants

/** Creates a journal with its first record, both durable when this resolves. Rejects with EEXIST when there is one. */
export async function createJournalFile(path: string, first: JournalRecord): Promise<Journal> {
  const file = await open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  const journal = journalOn(file, path, 0)
  await journal.append([first])
  await syncDirectory(dirname(path))
  return journal
}

/** Opens a journal for more records, after cutting off a torn tail. */
export async function reopenJournalFile(path: string): Promise<Journal> {
  const file = await open(path, O_RDWR | O_APPEND | O_NOFOLLOW)
  const lines = readLines(await file.readFile(), path)
  if (lines.torn) {
    await file.truncate(lines.validBytes)
    await file.sync()
  }
  return journalOn(file, path, lines.checksum)
}

function journalOn(file: FileHandle, path: string, checksumSoFar: number): Journal {
  let checksum = checksumSoFar
  let last: Promise<void> = Promise.resolve()
  const write = async (records: readonly JournalRecord[]): Promise<void> => {
    let text = ''
    let next = checksum
    for (const record of records) {
      const formatted = formatRecord(record, next)
      text += formatted.line
      next = formatted.checksum
    }
    try {
      await file.appendFile(text)
      await file.sync()
    } catch (cause) {
      throw unwritable(path, cause)
    }
    checksum = next
  }
  return {
    path,
    append: (records) => {
      last = last.then(() => write(records))
      return last
    },
    close: () => file.close(),
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

function unwritable(path: string, cause: unknown): OperatorError {
  const why = cause instanceof Error ? cause.message : 'unknown error'
  return new OperatorError({
    code: 'JOURNAL_UNWRITABLE',
    message: `The journal ${path} cannot be written (${why}); nothing is changed that is not in it.`,
    nextSteps: ['make room for it, then: klinic reassign status'],
    exit: 'failed',
    cause,
  })
}
