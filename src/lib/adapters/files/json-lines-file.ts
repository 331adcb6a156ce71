import { appendFile } from 'node:fs/promises'
import { OperatorError } from '../../errors/operator-error.js'

/** Appends documents to a file, one JSON document a line; the file is made when it is not there. */
export async function appendJsonLines(path: string, documents: readonly unknown[]): Promise<void> {
  const text = documents.map((document) => `${JSON.stringify(document)}\n`).join('')
  try {
    await appendFile(path, text, { mode: 0o644 })
  } catch (error) {
    throw new OperatorError({
      code: 'FILE_NOT_WRITTEN',
      message: `${path} could not be written: ${error instanceof Error ? error.message : String(error)}`,
      nextSteps: ['Check that the directory exists and may be written.'],
      exit: 'failed',
      cause: error,
    })
  }
}
