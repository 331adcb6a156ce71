import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { exited, fail, same, type World } from './faults/world.js'

const TOOL = 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand'
const BY_HAND = {
  resource: { type: 'broker', name: '4' },
  name: 'follower.replication.throttled.rate',
} as const
const RATE = '123456789'
const PROPOSED = 'Proposed partition reassignment configuration'
const COMPLETE = /is complete(d)?\./g

/** Kafka's own command, as an operator calls it. */
function kafkaTool(world: World, ...args: readonly string[]): Promise<string> {
  return world.lab.runTool(TOOL, ['--bootstrap-server', world.lab.bootstrapServers, ...args])
}

async function byHand(world: World): Promise<string | null | undefined> {
  const [broker] = await world.cluster.reader.readConfigs([BY_HAND.resource], [BY_HAND.name])
  return broker?.values.find(({ source }) => source === 'DYNAMIC_BROKER')?.value
}

/**
 * What Kafka's own command proposes runs through klinic as it was printed; Kafka's command then agrees that it is
 * complete; a rollback brings every list and leader back; and a throttle set by hand on another broker stays.
 */
export async function agreeWithKafka(world: World): Promise<void> {
  const lists = [
    [2, 1],
    [3, 2],
    [1, 2],
    [2, 3],
    [2, 1],
    [3, 2],
  ]
  const topic = await world.topic(lists, 1)
  const before = await world.places(topic)
  await world.cluster.writer.alterConfigs([{ ...BY_HAND, op: 'set', value: RATE }])
  const operator = world.operator()
  const file = (name: string): string => join(operator.directory, name)

  writeFileSync(file('topics.json'), JSON.stringify({ version: 1, topics: [{ topic }] }))
  const choice = ['--topics-to-move-json-file', file('topics.json'), '--broker-list', '1,2,3']
  const printed = await kafkaTool(world, ...choice, '--generate')
  writeFileSync(file('generated.txt'), printed)
  const pace = ['--throttle', '20MB', '--json']
  const execute = ['reassign', 'execute', file('generated.txt'), ...world.at, ...pace]
  exited(await operator.run(execute), 0)

  const proposed = printed.split(PROPOSED)[1] ?? fail(`no proposal in ${printed}`)
  writeFileSync(file('proposed.json'), proposed)
  const verify = ['--reassignment-json-file', file('proposed.json'), '--verify']
  const verdict = await kafkaTool(world, ...verify, '--preserve-throttles')
  same('partitions that Kafka calls complete', verdict.match(COMPLETE)?.length, lists.length)
  if (/in progress|failed|still/i.test(verdict)) fail(verdict)

  const back = ['reassign', 'rollback', ...world.reading, '--output', file('back.json')]
  exited(await operator.run(back), 0)
  exited(await operator.run(['reassign', 'execute', file('back.json'), ...world.at, ...pace]), 0)
  same('places after the rollback', await world.places(topic), before)
  same('the throttle set by hand', await byHand(world), RATE)
  await world.cluster.writer.alterConfigs([{ ...BY_HAND, op: 'delete' }])
  await world.settle()
}
