/**
 * Writes what is generated from the sources: docs/exit-codes.md, docs/configuration.md, docs/schemas/ and
 * command-snapshot.json. `npm run generate`; a test compares the files with what this would write.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { generateFiles } from './generated-files.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
for (const [path, text] of await generateFiles(root)) {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
  console.log(path)
}
