import { readFile, rename, writeFile } from 'node:fs/promises'

import * as z from 'zod'

import type { JsonValue } from '../../plan/plan.js'
import type { StateStore } from '../../ports/coordination.js'

const content = z.record(z.string(), z.json())

async function load(path: string): Promise<Map<string, JsonValue>> {
  try {
    const parsed = content.parse(JSON.parse(await readFile(path, 'utf8')))
    return new Map(Object.entries(parsed))
  } catch {
    // What was told of a cluster that cannot be reached is no more than a convenience: told twice is better than never.
    return new Map()
  }
}

/** Memory of this host, in a file (mode 0600): for alerts on a cluster that cannot be reached, where its own state is. */
export function openLocalState(path: string): StateStore {
  return {
    read: async () =>
      new Map([...(await load(path))].map(([key, value]) => [key, { key, value, writtenAtMs: 0 }])),
    write: async (changes) => {
      const entries = await load(path)
      for (const [key, value] of changes) {
        if (value === null) entries.delete(key)
        else entries.set(key, value)
      }
      const draft = `${path}.${process.pid}`
      await writeFile(draft, JSON.stringify(Object.fromEntries(entries)), { mode: 0o600 })
      await rename(draft, path)
    },
  }
}
