import type { Snapshot } from './snapshot.js'

/** The snapshot as a file: one broker and one topic a line, so that two of them can be compared. */
export function formatSnapshot(snapshot: Snapshot): string {
  const { format, cluster, capturedAt, traffic, brokers, topics, ...rest } = snapshot
  const head = { format, cluster, capturedAt, ...(traffic === undefined ? {} : { traffic }) }
  const members = [
    ...Object.entries(head).map(
      ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    ),
    listMember('brokers', brokers),
    listMember('topics', topics),
    ...Object.entries(rest).map(
      ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    ),
  ]
  return `{\n  ${members.join(',\n  ')}\n}\n`
}

function listMember(key: string, items: readonly unknown[]): string {
  if (items.length === 0) return `${JSON.stringify(key)}: []`
  const lines = items.map((item) => `    ${JSON.stringify(item)}`)
  return `${JSON.stringify(key)}: [\n${lines.join(',\n')}\n  ]`
}
