import type { Lab } from './lab.js'
import type { BrokerLayout } from './options.js'

/** Bytes since the broker started, as its own counters say (Count, not a rate). */
export interface Totals {
  readonly bytesIn: number
  readonly bytesOut: number
}

/** The counters of one broker. */
export interface BrokerTotals extends Totals {
  readonly brokerId: number
  /** When the counters were read, within half of what reading took. */
  readonly atMs: number
  readonly topics: ReadonlyMap<string, Totals>
}

interface JolokiaAnswer {
  readonly status: number
  readonly error?: string
  readonly value?: Readonly<Record<string, { readonly Count?: number }>>
}

const COUNTERS = 'kafka.server:type=BrokerTopicMetrics'

/** Reads BytesInPerSec and BytesOutPerSec of every running broker; the lab must have Jolokia attached. */
export async function readJmxTotals(lab: Lab): Promise<readonly BrokerTotals[]> {
  const running = lab.brokers.filter((broker) => broker.state === 'running')
  return Promise.all(running.map((broker) => readBroker(broker)))
}

async function readBroker(broker: BrokerLayout): Promise<BrokerTotals> {
  const { id: brokerId, host, jolokiaPort } = broker
  if (jolokiaPort === null) throw new Error('start the lab with jolokia: true to read its counters')
  const startMs = Date.now()
  const [bytesIn, bytesOut] = await readCounters(`${host}:${jolokiaPort}`, [
    'BytesInPerSec',
    'BytesOutPerSec',
  ])
  const atMs = (startMs + Date.now()) / 2
  const totals = (topic: string): Totals => ({
    bytesIn: bytesIn?.get(topic) ?? 0,
    bytesOut: bytesOut?.get(topic) ?? 0,
  })
  const names = new Set([...(bytesIn?.keys() ?? []), ...(bytesOut?.keys() ?? [])])
  names.delete('')
  const topics = new Map([...names].sort().map((topic) => [topic, totals(topic)]))
  return { brokerId, atMs, ...totals(''), topics }
}

/** Counts by topic of each counter, read at once; the broker's sum over all topics under the empty name. */
async function readCounters(
  address: string,
  names: readonly string[],
): Promise<Map<string, number>[]> {
  const requests = names.map((name) => ({
    type: 'read',
    mbean: `${COUNTERS},name=${name},*`,
    attribute: ['Count'],
  }))
  const response = await fetch(`http://${address}/jolokia/`, {
    method: 'POST',
    body: JSON.stringify(requests),
    signal: AbortSignal.timeout(10_000),
  })
  return ((await response.json()) as JolokiaAnswer[]).map(countsByTopic)
}

function countsByTopic(answer: JolokiaAnswer): Map<string, number> {
  if (answer.status === 404) return new Map()
  if (answer.value === undefined) throw new Error(`Jolokia: ${answer.error ?? answer.status}`)
  return new Map(
    Object.entries(answer.value).map(([found, { Count }]) => [
      /topic=([^,]+)/.exec(found)?.[1] ?? '',
      Count ?? 0,
    ]),
  )
}
