import { constants } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

import type { NoteRecord } from '../../ports/journal.js'
import { unwritable } from './journal-file.js'
import { journalRecordSchema } from './record-schema.js'

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants
const pathIn = (folder: string): string => join(folder, 'notes.log')
const checksumOf = (json: string): string => crc32(json).toString(16).padStart(8, '0')

/**
 * Appends one line: a CRC-32, a blank, JSON. Several processes may do so at the same time, so the lines stand by
 * themselves: one that is damaged says nothing of the others. Durable when this resolves.
 */
export async function appendNote(folder: string, record: NoteRecord): Promise<void> {
  const path = pathIn(folder)
  const json = JSON.stringify(record)
  try {
    const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600)
    try {
      // Starts with a line feed of its own where a crash left half a line behind: blank lines are skipped.
      await file.write(`\n${checksumOf(json)} ${json}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/** The notes of a folder in their order; damaged lines are left out. */
export async function readNotes(folder: string): Promise<readonly NoteRecord[]> {
  const text = await readFile(pathIn(folder), 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const json = line.slice(9)
    if (json === '' || line.slice(0, 8) !== checksumOf(json)) return []
    const read = journalRecordSchema.safeParse(JSON.parse(json))
    return read.success && read.data.type === 'note' ? [read.data as NoteRecord] : []
  })
}
