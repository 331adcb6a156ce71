import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from './lab.js'
import { fetchMetadata, type PartitionState } from './metadata.js'
import { type Wire, Writer } from './wire.js'

const CREATE_TOPICS = { key: 19, version: 2, name: 'CreateTopics' }
const NOT_CONTROLLER = 41
const TOPIC_TIMEOUT_MS = 60_000

/** Replica lists by partition number; the first replica of each is the preferred leader. */
export type Assignment = readonly (readonly number[])[]

/** One topic to create. */
export interface TopicSpec {
  readonly name: string
  readonly assignment: Assignment
  readonly configs?: Readonly<Record<string, string>>
}

/** Creates one topic with exactly these replica lists and waits until its leaders stand. */
export async function createTopic(
  lab: Lab,
  name: string,
  assignment: Assignment,
  configs: Readonly<Record<string, string>> = {},
): Promise<void> {
  await createTopics(lab, [{ name, assignment, configs }])
}

/** Creates topics in one request and waits until every partition has its leader and full ISR. */
export async function createTopics(lab: Lab, topics: readonly TopicSpec[]): Promise<void> {
  const deadline = Date.now() + TOPIC_TIMEOUT_MS
  while (!(await tryCreate(lab, topics))) {
    if (Date.now() > deadline) throw new Error('no controller took the new topics')
    await sleep(200)
  }
  const names = topics.map((topic) => topic.name)
  for (;;) {
    const wanting = (await describeTopics(lab, names)).filter((state) => !isSettled(state))
    if (wanting.length === 0) return
    if (Date.now() > deadline) {
      const first = wanting[0]
      throw new Error(`${first?.topic}-${first?.partition} has no leader or no full ISR`)
    }
    await sleep(100)
  }
}

const isSettled = (state: PartitionState): boolean =>
  state.error === 0 && state.leader >= 0 && state.isr.length === state.replicas.length

/** Partitions of the named topics as a live broker sees them. */
export async function describeTopics(
  lab: Lab,
  names: readonly string[],
): Promise<readonly PartitionState[]> {
  const wire = await connectToAny(lab)
  try {
    return (await fetchMetadata(wire, names)).partitions
  } finally {
    wire.close()
  }
}

async function connectToAny(lab: Lab): Promise<Wire> {
  const alive = lab.brokers.find((broker) => broker.state === 'running')
  if (alive === undefined) throw new Error('no broker of the lab is running')
  return lab.connect(alive.id)
}

/** With ZooKeeper only the controller creates topics; with KRaft every broker passes the request on. */
async function connectToController(lab: Lab): Promise<Wire> {
  const any = await connectToAny(lab)
  if (lab.layout.mode === 'kraft') return any
  try {
    return await lab.connect((await fetchMetadata(any, [])).controllerId)
  } finally {
    any.close()
  }
}

async function tryCreate(lab: Lab, topics: readonly TopicSpec[]): Promise<boolean> {
  const wire = await connectToController(lab)
  try {
    const answer = await wire.request(CREATE_TOPICS, encode(topics), 30_000)
    answer.int32()
    const results = answer.array(() => ({
      name: answer.string(),
      error: answer.int16(),
      message: answer.string(),
    }))
    if (results.some((result) => result.error === NOT_CONTROLLER)) return false
    const failed = results.find((result) => result.error !== 0)
    if (failed === undefined) return true
    throw new Error(`cannot create ${failed.name}: ${failed.message ?? `error ${failed.error}`}`)
  } finally {
    wire.close()
  }
}

function encode(topics: readonly TopicSpec[]): Buffer {
  const body = new Writer()
  body.array(topics, (topic) => {
    body.string(topic.name).int32(-1).int16(-1)
    body.array([...topic.assignment.entries()], ([partition, replicas]) => {
      body.int32(partition).array(replicas, (id) => body.int32(id))
    })
    body.array(Object.entries(topic.configs ?? {}), ([key, value]) =>
      body.string(key).string(value),
    )
  })
  return body.int32(20_000).int8(0).result()
}
