import type { Fault } from './fault.js'
import { deleteTopic } from './topics.js'
import { exited, reportOf, same, type World } from './world.js'

/** A topic is deleted while it is moved under a throttle: the rest goes on, and nothing is left behind. */
async function deleteMidMove(world: World): Promise<string> {
  const doomed = await world.topic(
    [
      [1, 2],
      [2, 1],
    ],
    6,
  )
  const lasting = await world.topic([[1, 2]], 2)
  const wanted = [
    { topic: doomed, partition: 0, replicas: [1, 4] },
    { topic: doomed, partition: 1, replicas: [4, 1] },
    { topic: lasting, partition: 0, replicas: [1, 4] },
  ]
  const file = await world.cluster.planFile(`${doomed}.json`, wanted)
  const pace = ['--throttle', '1MB', '--json-events']
  const running = world.operator().start(['reassign', 'execute', file, ...world.at, ...pace])
  await world.copying(running)
  await deleteTopic(world, doomed)
  const ran = await running.ended
  exited(ran, 0)
  same('places', await world.places(lasting), ['1,4 led by 1'])
  const { skipped, debts } = reportOf(ran)
  same('debts', debts, [])
  same('reasons', [...new Set(skipped.map(({ reason }) => reason?.code))], ['TOPIC_DELETED'])
  await world.settle()
  return `${skipped.length} moves left out`
}

/** F12 */
export const deletedTopics: Fault = {
  id: 'F12',
  what: 'a topic is deleted while it is moved under a throttle: the rest goes on, and nothing is left behind',
  times: 10,
  run: deleteMidMove,
}
