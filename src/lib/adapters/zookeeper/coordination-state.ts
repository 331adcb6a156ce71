import type { JsonValue } from '../../plan/plan.js'
import type { StateEntry, StateStore } from '../../ports/coordination.js'
import {
  changeNode,
  createNode,
  ensurePath,
  listNodes,
  readNode,
  removeNode,
} from './coordination-nodes.js'
import type { ZooKeeperSession } from './session.js'

/** State as one node a document. Keys have slashes, names of nodes have none: they are written as in a URL. */
export function openStateNodes(session: ZooKeeperSession, parent: string): StateStore {
  const folder = `${parent}/state`
  const pathOf = (key: string): string => `${folder}/${encodeURIComponent(key)}`
  return {
    read: async () => {
      const names = await listNodes(session, folder)
      const entries = await Promise.all(names.map((name) => readEntry(session, folder, name)))
      const found = entries.filter((entry) => entry !== null)
      return new Map(found.map((entry) => [entry.key, entry]))
    },
    write: async (changes) => {
      if (changes.size === 0) return
      await ensurePath(session, folder)
      for (const [key, value] of changes) {
        if (value === null) await removeNode(session, pathOf(key))
        else await writeNode(session, pathOf(key), Buffer.from(JSON.stringify(value)))
      }
    },
  }
}

async function readEntry(
  session: ZooKeeperSession,
  folder: string,
  name: string,
): Promise<StateEntry | null> {
  const node = await readNode(session, `${folder}/${name}`)
  if (node === null) return null
  const text = node.data.toString('utf8')
  return { key: decodeURIComponent(name), value: parse(text), writtenAtMs: node.changedAtMs }
}

async function writeNode(session: ZooKeeperSession, path: string, data: Buffer): Promise<void> {
  if (await changeNode(session, path, data)) return
  // Somebody may have made it just now: then ours is the later word.
  if (!(await createNode(session, path, data, false))) await changeNode(session, path, data)
}

/** What is no JSON stays as its text: whoever looks for a document finds that it is none. */
function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return text
  }
}
