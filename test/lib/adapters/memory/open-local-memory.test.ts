import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import {
  fileNameOf,
  preparePrivateDirectory,
} from '../../../../src/lib/adapters/journal/state-directory.js'
import { openLocalMemory } from '../../../../src/lib/adapters/memory/open-local-memory.js'
import type { Memory } from '../../../../src/lib/health/memory/memory.js'

const at = '2026-11-21T11:00:00.000Z'
const memory: Memory = new Map([
  [3, { id: 3, host: 'kafka3', port: 9092, rack: 'c', away: { since: at, lastSeen: at } }],
  [4, { id: 4, silent: { since: at, lastSeen: at }, listeningAt: at }],
])

describe('the memory of a host', () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'klinic-')), 'state')
  const open = () => openLocalMemory(directory, preparePrivateDirectory, fileNameOf)
  const file = join(directory, 'seen', 'cluster-1.json')

  it('is empty before anything was noticed', async () => {
    expect(await open().read('cluster-1')).toEqual(new Map())
  })

  it('comes back as it was written, for its own cluster only, and for nobody else to read', async () => {
    await open().write('cluster-1', memory)
    expect(await open().read('cluster-1')).toEqual(memory)
    expect(await open().read('cluster-2')).toEqual(new Map())
    expect(statSync(join(directory, 'seen')).mode & 0o777).toBe(0o700)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(directory, 'seen'))).toEqual(['cluster-1.json'])
  })

  it.each(['', '{"format":"klinic.mem', '{"format":"klinic.memory/9","brokers":[]}', '[]'])(
    'counts a file that cannot be read (%j) as none, and replaces it',
    async (text) => {
      writeFileSync(file, text)
      expect(await open().read('cluster-1')).toEqual(new Map())
      await open().write('cluster-1', memory)
      expect(await open().read('cluster-1')).toEqual(memory)
    },
  )
})
