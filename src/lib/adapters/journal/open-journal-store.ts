import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'

import { OperatorError } from '../../errors/operator-error.js'
import type { JournalStore, StoredJournal } from '../../ports/journal.js'
import { lockHolder, takeClusterLock } from './cluster-lock.js'
import { createJournalFile, reopenJournalFile } from './journal-file.js'
import { readLines } from './record-lines.js'
import { fileNameOf, preparePrivateDirectory } from './state-directory.js'

const SUFFIX = '.journal'

/** Journals under `<directory>/journals/<cluster id>/<plan id>.journal`, locks under `<directory>/locks`. */
export function openJournalStore(directory: string): JournalStore {
  const folder = (clusterId: string): string => join(directory, 'journals', fileNameOf(clusterId))
  const file = (clusterId: string, planId: string): string =>
    join(folder(clusterId), `${fileNameOf(planId)}${SUFFIX}`)
  return {
    create: async (first) => {
      const { cluster, id } = first.plan
      await preparePrivateDirectory(directory)
      await preparePrivateDirectory(folder(cluster.id))
      const path = file(cluster.id, id)
      await removeStillborn(path)
      try {
        return await createJournalFile(path, first)
      } catch (error) {
        throw isMissing(error, 'EEXIST') ? alreadyThere(id, error) : error
      }
    },
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
    throw error
  }
}

/** A journal whose first record was cut off by a full disk or a crash: nothing was done under it, and nothing can be. */
async function removeStillborn(path: string): Promise<void> {
  const stored = await readJournal(path)
  if (stored?.records.length === 0) await unlink(path)
}

const startOf = ({ records }: StoredJournal): string => records[0]?.at ?? ''

async function listJournals(folder: string): Promise<readonly StoredJournal[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  const paths = names.filter((name) => name.endsWith(SUFFIX)).map((name) => join(folder, name))
  const journals = await Promise.all(paths.map(readJournal))
  return journals
    .filter((journal) => journal !== null)
    .sort((a, b) => (startOf(a) > startOf(b) ? -1 : 1))
}

const isMissing = (error: unknown, code = 'ENOENT'): boolean =>
  error instanceof Error && 'code' in error && error.code === code

function alreadyThere(planId: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'PLAN_ALREADY_EXECUTED',
    message: `Plan ${planId} was executed from this host before; a plan is carried out at most once.`,
    nextSteps: ['klinic reassign status', 'klinic reassign resume'],
    exit: 'stale',
    cause,
  })
}
