import { gunzipSync } from 'node:zlib'

import { OperatorError } from '../../../errors/operator-error.js'
import { ProtocolError } from '../protocol/protocol-error.js'

/** Codec names by the number in a batch's attributes. */
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

/** A batch of at most `max.message.bytes` never grows to more; a bomb would. */
const MAX_BYTES = 512 * 1024 * 1024

/** The records of a batch in the clear; an OperatorError names a codec that we cannot read. */
export function decompress(codec: number, bytes: Uint8Array): Uint8Array {
  if (codec === 0) return bytes
  if (codec === 1) return gunzip(bytes)
  const name = CODECS[codec] ?? `codec ${codec}`
  throw new OperatorError({
    code: 'COMPRESSION_UNSUPPORTED',
    message: `A topic of klinic holds records compressed with ${name}, which klinic cannot read (only gzip and uncompressed).`,
    nextSteps: [
      'Set compression.type=producer on that topic, so that records stay as klinic writes them.',
    ],
    exit: 'badData',
  })
}

function gunzip(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ProtocolError(`malformed record batch: gzip says ${reason}`)
  }
}
