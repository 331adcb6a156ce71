import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { CreatedReplicas } from '../created-replicas.js'
import { reach } from '../kill-points.js'
import type { Operator, Running } from '../klinic.js'
import type { Fault } from './fault.js'
import { exited, same, type World } from './world.js'

const MUTATING = new Set([43, 44, 45])
const FROM = [
  [1, 2],
  [3, 2],
  [2, 1],
  [4, 3],
] as const
const TO = [
  [3, 4],
  [1, 2],
  [1, 2],
  [3, 4],
] as const
/** Partition and broker of each new replica. */
const ADDED = [
  [0, 3],
  [0, 4],
  [1, 1],
] as const
const REQUEST_POINTS = 32
const LINE_POINTS = 44

/** The only journal that an operator has, or where it is not yet. */
function journalOf({ stateDirectory }: Operator): string {
  const folder = join(stateDirectory, 'journals')
  const clusters = existsSync(folder) ? readdirSync(folder) : []
  const found = clusters.flatMap((id) =>
    readdirSync(join(folder, id)).map((name) => join(folder, id, name)),
  )
  return found.find((path) => path.endsWith('.journal')) ?? join(folder, 'none')
}

/** Kills the command at its nth request that changes something: before the broker has it, or before its answer comes. */
function killAtRequest(
  world: World,
  running: Running,
  nth: number,
  side: 'before' | 'after',
): void {
  let seen = 0
  const decide = (apiKey: number): 'pass' | 'hold' => {
    if (!MUTATING.has(apiKey) || ++seen !== nth) return 'pass'
    running.kill('SIGKILL')
    return 'hold'
  }
  if (side === 'before') world.rules.request = ({ apiKey }) => decide(apiKey)
  else world.rules.answer = ({ apiKey }) => decide(apiKey)
}

/** Kills the command as soon as its journal has that many lines. */
async function killAtLine(operator: Operator, running: Running, lines: number): Promise<void> {
  const over = { now: false }
  void running.ended.then(() => (over.now = true))
  while (!over.now && !existsSync(journalOf(operator)))
    await new Promise((resolve) => setTimeout(resolve, 2))
  await reach({ kind: 'lines', lines: Math.max(0, lines - 1) }, journalOf(operator), running.ended)
  running.kill('SIGKILL')
}

/** Counts what the command asks the cluster to change. */
function countChanges(world: World): () => number {
  let seen = 0
  world.rules.request = ({ apiKey }) => {
    if (MUTATING.has(apiKey)) seen += 1
    return 'pass'
  }
  return () => seen
}

async function crash(world: World, index: number): Promise<string> {
  const topic = await world.topic(FROM)
  const file = await world.planFile(topic, TO)
  const created = new CreatedReplicas(world.lab)
  const operator = world.operator()
  const pace = ['--throttle', '30MB', '--max-partitions', '2', '--json']
  const execute = ['reassign', 'execute', file, ...world.at, ...pace]
  const running = operator.start(execute)
  const isRequest = index < REQUEST_POINTS
  const nth = isRequest ? Math.floor(index / 2) + 1 : index - REQUEST_POINTS + 1
  const side = index % 2 === 0 ? 'before' : 'after'
  if (isRequest) killAtRequest(world, running, nth, side)
  else await killAtLine(operator, running, nth)
  const killed = await running.ended
  delete world.rules.request
  delete world.rules.answer
  if (killed.code !== null) exited(killed, 0)
  const isBegun = existsSync(journalOf(operator))
  const resume = [
    'reassign',
    'resume',
    ...(isBegun ? [planIdOf(operator)] : []),
    ...world.at,
    ...pace,
  ]
  exited(await operator.run(isBegun ? resume : execute), 0)
  same(
    'places',
    await world.places(topic),
    TO.map((list) => `${list.join()} led by ${list[0]}`),
  )
  const made = created.sinceLastTime()
  const times = ADDED.map(([partition, broker]) => made.get(`${topic}-${partition} on ${broker}`))
  same(
    'times that each replica was made',
    times,
    ADDED.map(() => 1),
  )
  await world.settle()
  const changes = countChanges(world)
  exited(await operator.run(['reassign', 'resume', planIdOf(operator), ...world.at, '--json']), 0)
  same('changes of a resume that finds nothing to do', changes(), 0)
  const where = isRequest ? `${side} request ${nth}` : `at journal line ${nth}`
  return killed.code === null ? where : `${where}: not reached`
}

function planIdOf(operator: Operator): string {
  return (
    journalOf(operator)
      .split('/')
      .at(-1)
      ?.replace(/\.journal$/, '') ?? ''
  )
}

/** F2 */
export const crashes: Fault = {
  id: 'F2',
  what: 'killed at every request that changes something, and at every line of its journal, it goes on and ends as if nothing had happened',
  times: REQUEST_POINTS + LINE_POINTS,
  run: crash,
}
