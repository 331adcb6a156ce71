import { CreatedReplicas } from '../created-replicas.js'
import type { Fault } from './fault.js'
import { exited, same, type World } from './world.js'

const APIS = [
  { apiKey: 45, name: 'AlterPartitionReassignments' },
  { apiKey: 44, name: 'IncrementalAlterConfigs' },
  { apiKey: 43, name: 'ElectLeaders' },
]
const MOVES = 10
const FROM = Array.from({ length: MOVES }, () => [1, 2])
const TO = Array.from({ length: MOVES }, () => [3, 2])

async function loseAnswers(world: World, index: number): Promise<string> {
  const api = APIS[index % APIS.length]
  if (api === undefined) return ''
  const nth = Math.floor(index / APIS.length) + 1
  const topic = await world.topic(FROM)
  const file = await world.planFile(topic, TO)
  const created = new CreatedReplicas(world.lab)
  let seen = 0
  world.rules.answer = ({ apiKey }) => (apiKey === api.apiKey && ++seen === nth ? 'lose' : 'pass')
  const pace = ['--throttle', '30MB', '--max-partitions', '1', '--timeout', '3s', '--json']
  const ran = await world.operator().run(['reassign', 'execute', file, ...world.at, ...pace])
  exited(ran, 0)
  same(
    'places',
    await world.places(topic),
    TO.map(() => '3,2 led by 3'),
  )
  const made = created.sinceLastTime()
  const times = TO.map((_list, partition) => made.get(`${topic}-${partition} on 3`))
  same(
    'times that each replica was made',
    times,
    TO.map(() => 1),
  )
  await world.settle()
  return `answer ${nth} of ${api.name}${seen < nth ? ': not reached' : ''}`
}

/** F3 */
export const lostAnswers: Fault = {
  id: 'F3',
  what: 'the nth answer to a change is lost: the cluster is read again, nothing is done twice, and it ends done',
  times: 30,
  run: loseAnswers,
}
