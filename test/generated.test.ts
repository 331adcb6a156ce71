import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { beforeAll, describe, expect, it } from 'vitest'

import { generateFiles } from '../scripts/generated-files.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

describe('generated files', () => {
  let files: ReadonlyMap<string, string>
  beforeAll(async () => {
    files = await generateFiles(root)
  }, 60_000)

  it.each([
    'command-snapshot.json',
    'docs/exit-codes.md',
    'docs/configuration.md',
    'docs/schemas/action.schema.json',
    'docs/schemas/alert.schema.json',
    'docs/schemas/config.schema.json',
    'docs/schemas/plan.schema.json',
    'docs/schemas/snapshot.schema.json',
  ])(
    '%s says what the sources say (else: npm run generate, and a line in the changelog)',
    async (path) => {
      expect(await readFile(join(root, path), 'utf8')).toBe(files.get(path))
    },
  )

  it('are all compared here', () => {
    expect(files.size).toBe(8)
  })
})
