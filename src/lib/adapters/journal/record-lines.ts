import { crc32 } from 'node:zlib'

import { OperatorError } from '../../errors/operator-error.js'
import type { JournalRecord } from '../../ports/journal.js'
import { parseRecord } from './record-schema.js'

/** What stands in a journal file: whole records, how many bytes they take, and the checksum to go on with. */
export interface ReadLines {
  readonly records: readonly JournalRecord[]
  readonly validBytes: number
  readonly torn: boolean
  readonly checksum: number
}

const checksumText = (checksum: number): string => checksum.toString(16).padStart(8, '0')

/** One line a record: a CRC-32 that runs on from the line before, a space, JSON. Returns the line and its checksum. */
export function formatRecord(
  record: JournalRecord,
  previous: number,
): { readonly line: string; readonly checksum: number } {
  const json = JSON.stringify(record)
  const checksum = crc32(json, previous)
  return { line: `${checksumText(checksum)} ${json}\n`, checksum }
}

/**
 * Reads the lines of a journal. A last line that was cut off (no line feed, or a wrong checksum) is dropped as torn by
 * a crash; anything wrong before that is an OperatorError JOURNAL_DAMAGED, because what it said may have been done.
 */
export function readLines(content: Buffer, path: string): ReadLines {
  const records: JournalRecord[] = []
  let at = 0
  let checksum = 0
  while (at < content.length) {
    const end = content.indexOf(0x0a, at)
    const isLast = end === -1 || end === content.length - 1
    const record = end === -1 ? null : readLine(content.toString('utf8', at, end), checksum)
    if (record === null) {
      if (isLast) return { records, validBytes: at, torn: true, checksum }
      throw damaged(path, records.length + 1)
    }
    records.push(parseRecord(record.json, path))
    checksum = record.checksum
    at = end + 1
  }
  return { records, validBytes: at, torn: false, checksum }
}

function readLine(line: string, previous: number): { json: string; checksum: number } | null {
  const json = line.slice(9)
  const checksum = crc32(json, previous)
  return line.startsWith(`${checksumText(checksum)} `) ? { json, checksum } : null
}

function damaged(path: string, line: number): OperatorError {
  return new OperatorError({
    code: 'JOURNAL_DAMAGED',
    message: `${path} is damaged in line ${line}, which is not its last: what was done cannot be told from it.`,
    nextSteps: [
      'klinic reassign status',
      'klinic reassign cleanup --foreign',
      `when nothing of it is left on the cluster: mv ${path} ${path}.damaged`,
    ],
    exit: 'badData',
  })
}
