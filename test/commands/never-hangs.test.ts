import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

import { readCatalogue } from '../../scripts/generated-files.js'
import { runKlinic } from './run-klinic.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

it('no command waits for input or forever when its cluster is gone and stdin is at its end', async () => {
  const catalogue = await readCatalogue(root)
  const late: string[] = []
  for (const command of Object.values(catalogue)) {
    const connected = 'bootstrap-server' in command.flags && command.id !== 'config:init'
    const address = connected ? ['--bootstrap-server', '127.0.0.1:1', '--timeout', '1s'] : []
    const run = await runKlinic([...command.id.split(':'), ...address, '--json'])
    if (run.code === null) late.push(command.id)
    // A log prints one document a line, and none where nothing was done yet.
    const documents = command.id === 'actions:log' ? run.stdout.match(/.+/g) : [run.stdout]
    for (const document of documents ?? [])
      expect(JSON.parse(document), `${command.id} prints JSON`).toBeTypeOf('object')
  }
  expect(late).toEqual([])
}, 180_000)
