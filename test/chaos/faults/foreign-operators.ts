import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { toKafkaJson } from '../../../src/lib/plan/kafka-json.js'
import { until } from '../../live/reassign-support.js'
import type { Fault } from './fault.js'
import { exited, fail, reportOf, same, type World } from './world.js'

const TOOL = 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand'

/** Somebody else moves a partition with Kafka's own tool while klinic works: another one, or one of klinic's. */
async function meddle(world: World, index: number): Promise<string> {
  const operator = world.operator()
  const ours = await world.topic(
    [
      [1, 2],
      [1, 2],
      [2, 1],
    ],
    4,
  )
  const theirs = await world.topic([[1, 2]], 6)
  const file = await world.planFile(ours, [
    [1, 4],
    [1, 4],
    [2, 3],
  ])
  const json = join(operator.directory, 'theirs.json')
  const takesOurs = index % 2 === 1
  const wanted = { topic: takesOurs ? ours : theirs, partition: 0, replicas: [1, 3] }
  writeFileSync(json, toKafkaJson([wanted]))
  const pace = ['--throttle', '1MB', '--max-partitions', '1', '--json-events']
  const running = operator.start(['reassign', 'execute', file, ...world.at, ...pace])
  await world.copying(running)
  const tool = ['--bootstrap-server', world.lab.bootstrapServers, '--reassignment-json-file', json]
  const slowly = takesOurs ? [] : ['--throttle', '1000000']
  await world.lab.runTool(TOOL, [...tool, '--execute', '--additional', ...slowly])
  const ran = await running.ended
  await until('the tool is through', 60_000, () => isThere(world, wanted))
  // Kafka's tool takes its throttle back only when it is asked whether it is through.
  await world.lab.runTool(TOOL, [...tool, '--verify'])
  exited(ran, 5)
  same('places of theirs', (await world.places(wanted.topic))[0]?.split(' ')[0], '1,3')
  const { code, left } = reportOf(ran)
  if (code !== 'FOREIGN_OPERATOR') fail(`stopped with ${code}`)
  if (left.length === 0) fail('nothing was left: it went on beside somebody else')
  await world.settle()
  // Of a move of ours that was done, and that they moved on, a cancel says that it is not where it was planned.
  const cancelled = await operator.run(['reassign', 'cancel', ...world.at, '--json'])
  exited(cancelled, 0, ...(takesOurs ? [5] : []))
  if (cancelled.code === 5) same('differences', reportOf(cancelled).differences.length, 1)
  await world.settle()
  return `${takesOurs ? 'a partition of ours' : 'another partition'}: ${left.length} moves were not started`
}

async function isThere(
  world: World,
  { topic, replicas }: { readonly topic: string; readonly replicas: readonly number[] },
): Promise<boolean> {
  return (await world.places(topic))[0]?.startsWith(`${replicas.join()} `) === true
}

/** F9 */
export const foreignOperators: Fault = {
  id: 'F9',
  what: "somebody moves a partition with Kafka's own tool meanwhile: nothing more is started, and what they did stays",
  times: 20,
  run: meddle,
}
