/** A canonical Avro schema, as far as samples use the language. */
type Node = string | readonly Node[] | NamedNode

interface NamedNode {
  readonly type: 'record' | 'enum' | 'array'
  readonly name?: string
  readonly fields?: readonly { readonly type: Node }[]
  readonly symbols?: readonly string[]
  readonly items?: Node
}

/** Checks that bytes hold exactly one value of a schema. */
export type Skim = (bytes: Buffer, from: number) => boolean

/** Thrown and caught here: the bytes end too early or name what does not exist. */
class Malformed extends Error {}

/** A 64-bit number takes at most ten bytes. */
const LONGEST_VARINT = 10
/** Largest zig-zag value that is still a safe integer. */
const SAFE = 2 ** 53

class Cursor {
  at: number
  readonly bytes: Buffer

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes
    this.at = at
  }

  skip(length: number): void {
    if (length < 0 || length > this.bytes.length - this.at) throw new Malformed()
    this.at += length
  }

  long(): number {
    let value = 0
    for (let index = 0; index < LONGEST_VARINT; index += 1) {
      const byte = this.bytes[this.at]
      if (byte === undefined) throw new Malformed()
      this.at += 1
      value += (byte & 0x7f) * 2 ** (7 * index)
      if ((byte & 0x80) === 0) {
        if (value >= 2 * SAFE) throw new Malformed()
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2
      }
    }
    throw new Malformed()
  }
}

function skimArray(items: Node, named: ReadonlyMap<string, NamedNode>, cursor: Cursor): void {
  for (let count = cursor.long(); count !== 0; count = cursor.long()) {
    if (count < 0) cursor.long()
    const length = Math.abs(count)
    // Each of our items takes a byte at least: a longer array is a lie that would cost memory.
    if (length > cursor.bytes.length - cursor.at) throw new Malformed()
    for (let index = 0; index < length; index += 1) skimNode(items, named, cursor)
  }
}

function skimPrimitive(type: string, named: ReadonlyMap<string, NamedNode>, cursor: Cursor): void {
  if (type === 'null') return
  if (type === 'boolean') cursor.skip(1)
  else if (type === 'float') cursor.skip(4)
  else if (type === 'double') cursor.skip(8)
  else if (type === 'int' || type === 'long') cursor.long()
  else if (type === 'string' || type === 'bytes') cursor.skip(cursor.long())
  else {
    const node = named.get(type)
    if (node === undefined) throw new Malformed()
    skimNode(node, named, cursor)
  }
}

function skimNode(node: Node, named: ReadonlyMap<string, NamedNode>, cursor: Cursor): void {
  if (typeof node === 'string') skimPrimitive(node, named, cursor)
  else if (isUnion(node)) {
    const branch = node[cursor.long()]
    if (branch === undefined) throw new Malformed()
    skimNode(branch, named, cursor)
  } else if (node.type === 'record')
    for (const field of node.fields ?? []) skimNode(field.type, named, cursor)
  else if (node.type === 'array') skimArray(node.items ?? 'null', named, cursor)
  else if (node.symbols?.[cursor.long()] === undefined) throw new Malformed()
}

const isUnion = (node: Node): node is readonly Node[] => Array.isArray(node)

function namesIn(node: Node, found: Map<string, NamedNode>): Map<string, NamedNode> {
  if (typeof node === 'string') return found
  if (isUnion(node)) {
    for (const branch of node) namesIn(branch, found)
    return found
  }
  if (node.name !== undefined) found.set(node.name, node)
  for (const field of node.fields ?? []) namesIn(field.type, found)
  return node.items === undefined ? found : namesIn(node.items, found)
}

/**
 * A walk over bytes before they are decoded. avsc notices that a buffer was too short only afterwards, so a forged
 * array length would make it allocate without end.
 */
export function skimmer(canonicalSchema: string): Skim {
  const root = JSON.parse(canonicalSchema) as Node
  const named = namesIn(root, new Map())
  return (bytes, from) => {
    const cursor = new Cursor(bytes, from)
    try {
      skimNode(root, named, cursor)
    } catch (error) {
      if (error instanceof Malformed) return false
      throw error
    }
    return cursor.at === bytes.length
  }
}
