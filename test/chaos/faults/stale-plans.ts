import { createTopic } from '../../lab/index.js'
import { until } from '../../live/reassign-support.js'
import type { Fault } from './fault.js'
import { asAdmin, deleteTopic } from './topics.js'
import { exited, fail, same, type World } from './world.js'

interface Staleness {
  readonly what: string
  readonly change: (world: World, topic: string) => Promise<void>
  /** Exit code of the execution. */
  readonly exit: number
  /** Exit code with --skip-changed. */
  readonly skipping: number
}

const FROM = [
  [1, 2],
  [2, 1],
] as const
const TO = [
  [1, 4],
  [4, 1],
] as const

async function submit(world: World, topic: string, replicas: readonly number[]): Promise<void> {
  const request = { topic, partition: 0, replicas, allowReplicationFactorChange: true }
  await world.cluster.writer.submitReassignments([request])
  await until('the change by hand is made', 30_000, async () =>
    ((await world.places(topic))[0] ?? '').startsWith(`${replicas.join()} `),
  )
}

/** With ZooKeeper a topic is marked for deletion a while longer than brokers list it. */
async function makeAgain(world: World, topic: string): Promise<void> {
  await until('the topic may be made again', 60_000, async () => {
    try {
      await createTopic(world.lab, topic, FROM)
      return true
    } catch (error) {
      if (String(error).includes('marked for deletion')) return false
      throw error
    }
  })
}

const KINDS: readonly Staleness[] = [
  { what: 'deleted', change: deleteTopic, exit: 4, skipping: 0 },
  {
    what: 'deleted and made again',
    change: async (world, topic) => {
      await deleteTopic(world, topic)
      await makeAgain(world, topic)
    },
    exit: 4,
    skipping: 0,
  },
  {
    what: 'given more partitions',
    change: async (world, topic) => {
      await asAdmin(world, (admin) =>
        admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] }),
      )
      await until(
        'the partition is there',
        20_000,
        async () => (await world.places(topic)).length === 3,
      )
    },
    exit: 0,
    skipping: 0,
  },
  {
    what: 'given another replication factor',
    change: (world, topic) => submit(world, topic, [1, 2, 3]),
    exit: 4,
    skipping: 0,
  },
  {
    what: 'put into another order',
    change: (world, topic) => submit(world, topic, [2, 1]),
    exit: 4,
    skipping: 0,
  },
  {
    what: 'led by another replica',
    change: async (world, topic) => {
      await submit(world, topic, [2, 1])
      await world.cluster.writer.electPreferredLeaders([{ topic, partition: 0 }])
      await submit(world, topic, [1, 2])
    },
    exit: 0,
    skipping: 0,
  },
]

async function stale(world: World, index: number): Promise<string> {
  const kind = KINDS[index % KINDS.length] ?? fail('no kind')
  const topic = await world.topic(FROM)
  const file = await world.planFile(topic, TO)
  await kind.change(world, topic)
  await world.agreed(topic)
  const before = await world.places(topic)
  const execute = ['reassign', 'execute', file, ...world.at, '--json']
  const ran = await world.operator().run(execute)
  exited(ran, kind.exit)
  if (kind.exit === 0) {
    same('places', (await world.places(topic)).slice(0, 2), ['1,4 led by 1', '4,1 led by 4'])
  } else {
    same('places', await world.places(topic), before)
    exited(await world.operator().run([...execute, '--skip-changed']), kind.skipping)
    same('what had changed', (await world.places(topic))[0], before[0])
  }
  await world.settle()
  return `${kind.what}: exit ${kind.exit}`
}

/** F11 */
export const stalePlans: Fault = {
  id: 'F11',
  what: 'the topic of a plan was deleted, made again or changed before the plan is carried out: refused, or left out',
  times: 30,
  run: stale,
}
