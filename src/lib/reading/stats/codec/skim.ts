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

/** A 64-bit number takes at most ten bytes; what counts something never needs more than five. */
const LONGEST_VARINT = 10
const LONGEST_COUNT = 5

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

  /** Moves over a number of any size. */
  skipNumber(): void {
    for (let length = 0; length < LONGEST_VARINT; length += 1) {
      const byte = this.bytes[this.at]
      if (byte === undefined) throw new Malformed()
      this.at += 1
      if (byte < 0x80) return
    }
    throw new Malformed()
  }

  /** A length, an index or a count of items. */
  count(): number {
    let value = 0
    let scale = 1
    for (let length = 0; length < LONGEST_COUNT; length += 1) {
      const byte = this.bytes[this.at]
      if (byte === undefined) throw new Malformed()
      this.at += 1
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
      scale *= 128
    }
    throw new Malformed()
  }
}

/** Moves the cursor over one value. */
type Step = (cursor: Cursor) => void

const PRIMITIVES: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['null', () => undefined],
  ['boolean', (cursor) => cursor.skip(1)],
  ['float', (cursor) => cursor.skip(4)],
  ['double', (cursor) => cursor.skip(8)],
  ['int', (cursor) => cursor.skipNumber()],
  ['long', (cursor) => cursor.skipNumber()],
  ['string', (cursor) => cursor.skip(cursor.count())],
  ['bytes', (cursor) => cursor.skip(cursor.count())],
])

function stepOfArray(item: Step): Step {
  return (cursor) => {
    for (let count = cursor.count(); count !== 0; count = cursor.count()) {
      if (count < 0) cursor.skipNumber()
      const length = Math.abs(count)
      // Each of our items takes a byte at least: a longer array is a lie that would cost memory.
      if (length > cursor.bytes.length - cursor.at) throw new Malformed()
      for (let index = 0; index < length; index += 1) item(cursor)
    }
  }
}

function stepOfUnion(branches: readonly Step[]): Step {
  return (cursor) => {
    const branch = branches[cursor.count()]
    if (branch === undefined) throw new Malformed()
    branch(cursor)
  }
}

function stepOfNamed(node: NamedNode, named: Map<string, Step>): Step {
  if (node.type === 'array') return stepOfArray(stepOf(node.items ?? 'null', named))
  const symbols = node.symbols?.length ?? 0
  const fields = (node.fields ?? []).map((field) => stepOf(field.type, named))
  const step: Step =
    node.type === 'record'
      ? (cursor) => {
          for (const field of fields) field(cursor)
        }
      : (cursor) => {
          const index = cursor.count()
          if (index < 0 || index >= symbols) throw new Malformed()
        }
  if (node.name !== undefined) named.set(node.name, step)
  return step
}

/** Our schemas name a type before they refer to it, and none contains itself. */
function stepOf(node: Node, named: Map<string, Step>): Step {
  if (typeof node === 'string') {
    const step = PRIMITIVES.get(node) ?? named.get(node)
    if (step === undefined) throw new RangeError(`the schema names no type ${node}`)
    return step
  }
  if (isUnion(node)) return stepOfUnion(node.map((branch) => stepOf(branch, named)))
  return stepOfNamed(node, named)
}

const isUnion = (node: Node): node is readonly Node[] => Array.isArray(node)

/**
 * A walk over bytes before they are decoded. avsc notices that a buffer was too short only afterwards, so a forged
 * array length would make it allocate without end.
 */
export function skimmer(canonicalSchema: string): Skim {
  const walk = stepOf(JSON.parse(canonicalSchema) as Node, new Map())
  return (bytes, from) => {
    const cursor = new Cursor(bytes, from)
    try {
      walk(cursor)
    } catch (error) {
      if (error instanceof Malformed) return false
      throw error
    }
    return cursor.at === bytes.length
  }
}
