import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'

import type { ActionRecord } from '../../../ports/action-log.js'
import { journalRecordSchema } from '../record-schema.js'
import { actionSchema, type ActionPart } from './action-schema.js'

/** A plan of a million steps is smaller; what unpacks to more than this was not written by us. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024

/** Puts actions together from the values of the topic, pieces included; what is not ours, or newer, is counted. */
export class ActionAssembler {
  readonly #parts = new Map<string, Map<number, ActionPart>>()
  #unreadable = 0

  /** Records that this version cannot read. */
  get unreadable(): number {
    return this.#unreadable
  }

  /** Executions of which a piece was read, with their plan. */
  get pieced(): ReadonlyMap<string, string | null> {
    const pieces = [...this.#parts.values()].flatMap((of) => [...of.values()])
    return new Map(pieces.map(({ executionId, planId }) => [executionId, planId]))
  }

  /** Actions of an execution of which some pieces were read and others not: `2 of the 3 parts of record 0`. */
  incomplete(executionId: string): readonly { readonly sequence: number; readonly text: string }[] {
    return [...this.#parts.values()].flatMap((pieces) => {
      const [first] = pieces.values()
      if (first?.executionId !== executionId || pieces.size === first.part.of) return []
      const text = `${first.part.of - pieces.size} of the ${first.part.of} parts of record ${first.sequence}`
      return [{ sequence: first.sequence, text }]
    })
  }

  /** The action that this value completes; null when it is a piece of one, or nothing that we know. */
  take(value: Uint8Array | null): ActionRecord | null {
    try {
      const read = actionSchema.parse(JSON.parse(Buffer.from(value ?? []).toString('utf8')))
      return 'part' in read ? this.#takePart(read) : (read as ActionRecord)
    } catch {
      this.#unreadable += 1
      return null
    }
  }

  #takePart(piece: ActionPart): ActionRecord | null {
    const { part, ...envelope } = piece
    const id = `${piece.executionId} ${piece.sequence} ${part.sha256}`
    const pieces = this.#parts.get(id) ?? new Map<number, ActionPart>()
    this.#parts.set(id, pieces)
    // Pieces that were sent twice complete it only once.
    if (pieces.has(part.index)) return null
    pieces.set(part.index, piece)
    if (pieces.size < part.of) return null
    const packed = Buffer.concat(
      [...pieces]
        .sort(([a], [b]) => a - b)
        .map(
          ([
            ,
            {
              part: { data },
            },
          ]) => Buffer.from(data, 'base64'),
        ),
    )
    const json = gunzipSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES })
    if (createHash('sha256').update(json).digest('hex') !== part.sha256) {
      throw new Error('the pieces do not belong together')
    }
    const record = journalRecordSchema.parse(JSON.parse(json.toString('utf8')))
    return { ...envelope, record } as ActionRecord
  }
}
