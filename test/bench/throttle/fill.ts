import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../lab/index.js'
import { makeTemplate, stamp } from '../../lab/load/record-batch.js'
import { type Wire, Writer } from '../../lab/wire.js'

const PRODUCE = { key: 0, version: 3, name: 'Produce' }
/**
 * Size of batches where a bench asks for no other. A follower's fetch is cut in the middle of a batch, and throttles count what
 * was cut off: with batches near 1 MB much is.
 */
export const BATCH_BYTES = 32_000
const IN_FLIGHT = 4
/** A request holds one batch of each of so many partitions. */
const PARTITIONS_A_REQUEST = 16
const TRIES = 60
const ACK_TIMEOUT_MS = 60_000

/** A partition to be filled, at its leader. */
export interface Filling {
  readonly topic: string
  readonly partition: number
  readonly leader: number
  readonly bytes: number
}

/** Appends about so many bytes to each partition, in big batches, as fast as the brokers take them. */
export async function fill(
  lab: Lab,
  fillings: readonly Filling[],
  batchBytes: number,
): Promise<void> {
  const leaders = [...new Set(fillings.map(({ leader }) => leader))]
  await Promise.all(
    leaders.map((leader) =>
      fillLeader(
        lab,
        leader,
        fillings.filter((filling) => filling.leader === leader),
        batchBytes,
      ),
    ),
  )
}

interface Left {
  readonly filling: Filling
  batches: number
}

async function fillLeader(
  lab: Lab,
  leader: number,
  fillings: readonly Filling[],
  batchBytes: number,
): Promise<void> {
  const template = makeTemplate({ valueBytes: 2_000, keys: 0, compression: 'none' }, batchBytes)
  stamp(template, Date.now())
  const batch = template.bytes
  const wire = await lab.connect(leader)
  const queue: Left[] = fillings.map((filling) => ({
    filling,
    batches: Math.max(1, Math.round(filling.bytes / batch.length)),
  }))
  const send = async (): Promise<void> => {
    for (let tries = 0; queue.length > 0;) {
      const some = queue.splice(0, PARTITIONS_A_REQUEST)
      const errors = await append(wire, some, batch)
      for (const left of some) if ((errors.get(idOf(left)) ?? -1) === 0) left.batches -= 1
      queue.push(...some.filter(({ batches }) => batches > 0))
      const failed = [...errors].find(([, error]) => error !== 0)
      if (failed === undefined) continue
      // A broker that is short of time is fenced for a moment: it leads again when it has answered.
      if (++tries > TRIES) throw new Error(`filling ${failed[0]}: error ${failed[1]}`)
      await sleep(1_000)
    }
  }
  try {
    await Promise.all(Array.from({ length: IN_FLIGHT }, send))
  } finally {
    wire.close()
  }
}

const idOf = ({ filling }: Left): string => `${filling.topic}-${filling.partition}`

/** One batch to each partition; gives Kafka's error codes. */
async function append(
  wire: Wire,
  lefts: readonly Left[],
  batch: Buffer,
): Promise<ReadonlyMap<string, number>> {
  const body = new Writer().string(null).int16(-1).int32(ACK_TIMEOUT_MS)
  const topics = [...new Set(lefts.map(({ filling }) => filling.topic))]
  body.array(topics, (topic) => {
    const mine = lefts.filter(({ filling }) => filling.topic === topic)
    body.string(topic)
    body.array(mine, ({ filling }) => body.int32(filling.partition).bytes(batch))
  })
  const answer = await wire.request(PRODUCE, body.result(), ACK_TIMEOUT_MS)
  const errors = new Map<string, number>()
  answer.array(() => {
    const topic = answer.string() ?? ''
    answer.array(() => {
      errors.set(`${topic}-${answer.int32()}`, answer.int16())
      answer.int64()
      answer.int64()
    })
  })
  return errors
}
