/** The content of a znode, and when it was created by ZooKeeper's clock. */
export interface NodeData {
  readonly text: string
  readonly createdAtMs: number
}

/** A znode's JSON object; null for anything else, since tools of any age have written there. */
export function parseNode(text: string | undefined): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
