import { formatSnapshot } from '../../model/format-snapshot.js'
import { parseSnapshot } from '../../model/parse-snapshot.js'
import type { Snapshot } from '../../model/snapshot.js'
import { nameOf, readText } from './read-text.js'
import { writeText } from './write-text.js'

/** Reads a snapshot file (`.json`, `.json.gz`, or `-`); sorted. Throws OperatorError (65). */
export async function readSnapshotFile(path: string): Promise<Snapshot> {
  return parseSnapshot(await readText(path, 'snapshot'), nameOf(path))
}

/** Writes a snapshot file, packed when the name ends in `.gz`. */
export async function writeSnapshotFile(path: string, snapshot: Snapshot): Promise<void> {
  await writeText(path, formatSnapshot(snapshot))
}
