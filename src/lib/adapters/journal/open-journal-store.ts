import { readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'

import { OperatorError } from '../../errors/operator-error.js'
import type { ActionStore, JournalRecord, NoteRecord, StoredJournal } from '../../ports/journal.js'
import { lockHolder, takeClusterLock } from './cluster-lock.js'
import {
  createJournalFile,
  reopenJournalFile,
  unwritable,
  writeJournalFile,
} from './journal-file.js'
import { appendNote, readNotes } from './notes-file.js'
import { readLines } from './record-lines.js'
import { fileNameOf, preparePrivateDirectory } from './state-directory.js'

const SUFFIX = '.journal'

/** Journals of this host; beside the port, what it takes to follow another host's. */
export interface LocalJournals extends ActionStore {
  /** Writes a journal from its records; one that stands there under this plan is kept beside it, as superseded. */
  restore(clusterId: string, planId: string, records: readonly JournalRecord[]): Promise<void>
  /** Removes a journal under which nothing was done. */
  discard(clusterId: string, planId: string): Promise<void>
  /** Ids of the clusters on which this host has done something. */
  clusters(): Promise<readonly string[]>
  /** Notes of a cluster in the order in which they were written. */
  notes(clusterId: string): Promise<readonly NoteRecord[]>
}

/** Journals under `<directory>/journals/<cluster id>/<plan id>.journal`, locks under `<directory>/locks`. */
export function openJournalStore(directory: string): LocalJournals {
  const folder = (clusterId: string): string => join(directory, 'journals', fileNameOf(clusterId))
  const file = (clusterId: string, planId: string): string =>
    join(folder(clusterId), `${fileNameOf(planId)}${SUFFIX}`)
  return {
    create: async (first) => {
      const { cluster, id } = first.plan
      await preparePrivateDirectory(directory)
      await preparePrivateDirectory(folder(cluster.id))
      const path = file(cluster.id, id)
      try {
        await removeStillborn(path)
        return await createJournalFile(path, first)
      } catch (error) {
        if (isMissing(error, 'EEXIST')) throw alreadyThere(id, error)
        throw error instanceof OperatorError ? error : unwritable(path, error)
      }
    },
    restore: async (clusterId, planId, records) => {
      await preparePrivateDirectory(directory)
      await preparePrivateDirectory(folder(clusterId))
      const path = file(clusterId, planId)
      await setAside(path)
      await writeJournalFile(path, records)
    },
    discard: async (clusterId, planId) => {
      await unlink(file(clusterId, planId)).catch(() => undefined)
    },
    note: async (clusterId, record) => {
      await preparePrivateDirectory(directory)
      await preparePrivateDirectory(folder(clusterId))
      await appendNote(folder(clusterId), record)
    },
    clusters: async () => (await readdir(join(directory, 'journals')).catch(() => [])).sort(),
    notes: (clusterId) => readNotes(folder(clusterId)),
    reopen: async (clusterId, planId) => reopenJournalFile(file(clusterId, planId)),
    read: async (clusterId, planId) => readJournal(file(clusterId, planId)),
    list: async (clusterId) => listJournals(folder(clusterId)),
    holder: async (clusterId) => lockHolder(join(directory, 'locks'), fileNameOf(clusterId)),
    lock: async (clusterId, holder) => {
      const locks = join(directory, 'locks')
      await preparePrivateDirectory(directory)
      await preparePrivateDirectory(locks)
      return takeClusterLock(locks, fileNameOf(clusterId), holder)
    },
  }
}

async function readJournal(path: string): Promise<StoredJournal | null> {
  try {
    const { records, torn } = readLines(await readFile(path), path)
    return { path, records, torn }
  } catch (error) {
    if (isMissing(error)) return null
    throw error instanceof OperatorError ? error : unreadable(path, error)
  }
}

/** One journal that cannot be read must not stand in the way of all others: it is listed without records, and says why. */
async function readOrName(path: string): Promise<StoredJournal | null> {
  try {
    return await readJournal(path)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return { path, records: [], torn: false, damaged: error.message }
  }
}

/** A journal whose first record was cut off by a full disk or a crash: nothing was done under it, and nothing can be. */
async function removeStillborn(path: string): Promise<void> {
  const stored = await readJournal(path)
  if (stored?.records.length === 0) await unlink(path)
}

/** Keeps what stands there under a name that nothing reads, but a person may. */
async function setAside(path: string): Promise<void> {
  for (let count = 1; count <= 100; count++) {
    const aside = `${path}.superseded-${count}`
    if ((await readFile(aside).catch(() => null)) !== null) continue
    await rename(path, aside).catch((error: unknown) => {
      if (!isMissing(error)) throw unwritable(path, error)
    })
    return
  }
  throw unwritable(path, new Error('a hundred superseded copies stand beside it'))
}

const startOf = ({ records }: StoredJournal): string => records[0]?.at ?? ''

async function listJournals(folder: string): Promise<readonly StoredJournal[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw unreadable(folder, error)
  })
  const paths = names.filter((name) => name.endsWith(SUFFIX)).map((name) => join(folder, name))
  const journals = await Promise.all(paths.map(readOrName))
  return journals
    .filter((journal) => journal !== null)
    .sort((a, b) => (startOf(a) > startOf(b) ? -1 : 1))
}

const isMissing = (error: unknown, code = 'ENOENT'): boolean =>
  error instanceof Error && 'code' in error && error.code === code

function unreadable(path: string, cause: unknown): OperatorError {
  const why = cause instanceof Error ? cause.message : 'unknown error'
  return new OperatorError({
    code: 'JOURNAL_UNREADABLE',
    message: `${path} cannot be read (${why}): what was done on this cluster before is not known.`,
    nextSteps: [`give its files back to the user that runs klinic: ${path}`],
    exit: 'badData',
    cause,
  })
}

function alreadyThere(planId: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'PLAN_ALREADY_EXECUTED',
    message: `Plan ${planId} was executed from this host before; a plan is carried out at most once.`,
    nextSteps: ['klinic reassign status'],
    exit: 'stale',
    cause,
  })
}
