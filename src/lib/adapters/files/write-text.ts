import { open, rename, rm } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

import { OperatorError } from '../../errors/operator-error.js'

/**
 * Writes a file whole or not at all: beside its place, synced, then renamed over it. `.gz` names are packed (without a
 * time stamp, so that the same content gives the same bytes). Readable by all: plans are there to be reviewed.
 */
export async function writeText(path: string, text: string): Promise<void> {
  const bytes = path.endsWith('.gz') ? gzipSync(text, { level: 6 }) : Buffer.from(text)
  const beside = `${path}.${process.pid}.tmp`
  try {
    const file = await open(beside, 'wx', 0o644)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw new OperatorError({
      code: 'FILE_NOT_WRITTEN',
      message: `${path} could not be written: ${error instanceof Error ? error.message : String(error)}`,
      nextSteps: ['Check that the directory exists and may be written.'],
      exit: 'failed',
      cause: error,
    })
  }
}
