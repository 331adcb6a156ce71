import { journalsOf } from '../journals.js'
import type { Fault } from './fault.js'
import { exited, fail, same, type World } from './world.js'

const RATES_MB = [2, 4, 8]
const SECONDS = 12

/** The throttle really throttles: the copy takes as long as its bytes at that rate. */
async function measure(world: World, index: number): Promise<string> {
  const rate = RATES_MB[index % RATES_MB.length] ?? 2
  const megabytes = rate * SECONDS
  const topic = await world.topic([[1, 2]], megabytes)
  const file = await world.planFile(topic, [[1, 4]])
  const operator = world.operator()
  const execute = ['reassign', 'execute', file, ...world.at, '--throttle', `${rate}MB`, '--json']
  exited(await operator.run(execute), 0)
  same('places', await world.places(topic), ['1,4 led by 1'])
  const [journal] = await journalsOf(operator.stateDirectory, world.clusterId)
  const at = (state: string): number => {
    const record = journal?.records.find((one) => one.type === 'move' && one.state === state)
    return Date.parse(record?.at ?? fail(`the journal has no ${state}`))
  }
  const seconds = (at('done') - at('intent')) / 1000
  const ratio = seconds / SECONDS
  if (ratio < 0.9 || ratio > 2) fail(`${megabytes} MB at ${rate} MB/s took ${seconds} s`)
  await world.settle()
  return `${rate} MB/s: ${ratio.toFixed(2)} of the time expected`
}

/** F19 */
export const throttles: Fault = {
  id: 'F19',
  what: 'a throttle really throttles: the copy takes 0.9 to 2 times its bytes divided by the rate',
  times: 6,
  run: measure,
}
