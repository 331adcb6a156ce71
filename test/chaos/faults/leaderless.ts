import { lastWords, type Ran } from '../klinic.js'
import type { Fault } from './fault.js'
import { fail, type World } from './world.js'

const READING = [
  ['cluster', 'status', '--full'],
  ['cluster', 'check'],
  ['reassign', 'status'],
  ['heal', 'plan'],
  ['leader', 'plan'],
  ['roll', 'plan'],
  ['snapshot', 'save', '--output', 'leaderless.json'],
]
/** 75: a broker that was away for seconds only may be restarting, and is not healed yet. */
const ANSWERS = new Set([0, 2, 3, 75])

/** Commands that look for sick partitions have to name the one that is. */
const NAMING = new Set(['cluster status', 'cluster check', 'heal plan'])

function judge(name: string, topic: string, ran: Ran): void {
  const isAnswered = ran.code !== null && (ANSWERS.has(ran.code) || name === 'cluster check')
  if (!isAnswered || ran.code === 69 || /\n\s+at /.test(ran.stderr))
    fail(`${name}: ${lastWords(ran)}`)
  const isNamed = `${ran.stdout}${ran.stderr}`.includes(`${topic}-0`)
  if (NAMING.has(name) && !isNamed) fail(`${name} does not name ${topic}-0: ${lastWords(ran)}`)
}

/** A partition without a leader, its only broker down: everything that reads goes on reading, and names it. */
async function lookAtLeaderless(world: World): Promise<string> {
  const topic = await world.topic([[4], [1]])
  await world.lab.kill(4)
  await world.alive([1, 2, 3])
  const operator = world.operator()
  const codes: string[] = []
  for (const command of READING) {
    const ran = await operator.run([...command, ...world.reading])
    const name = command.slice(0, 2).join(' ')
    codes.push(`${name} ${String(ran.code)}`)
    judge(name, topic, ran)
  }
  await world.revive(4)
  await world.settle()
  return codes.join(', ')
}

/** F13 */
export const leaderless: Fault = {
  id: 'F13',
  what: 'a partition has no leader: every command that reads goes on reading, and those that look for it name it',
  times: 10,
  run: lookAtLeaderless,
}
