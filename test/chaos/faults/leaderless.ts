import { lastWords } from '../klinic.js'
import type { Fault } from './fault.js'
import { fail, type World } from './world.js'

const READING = [
  ['cluster', 'status', '--full'],
  ['cluster', 'check'],
  ['reassign', 'status'],
  ['heal', 'plan'],
  ['balance', 'plan', '--observe', '2s'],
  ['leader', 'plan'],
  ['roll', 'plan'],
  ['snapshot', 'save', '--output', 'leaderless.json'],
]
const ANSWERS = new Set([0, 2, 3])

/** A partition without a leader, its only broker down: everything that reads goes on reading, and names it. */
async function lookAtLeaderless(world: World): Promise<string> {
  const topic = await world.topic([[4], [1]])
  await world.lab.kill(4)
  await world.alive([1, 2, 3])
  const operator = world.operator()
  const codes: string[] = []
  for (const command of READING) {
    const ran = await operator.run([...command, ...world.reading])
    codes.push(`${command[0] ?? ''} ${command[1] ?? ''} ${String(ran.code)}`)
    if (ran.code === null || !(ANSWERS.has(ran.code) || command[1] === 'check'))
      fail(`${command.join(' ')}: ${lastWords(ran)}`)
    if (ran.code === 69 || /\n\s+at /.test(ran.stderr))
      fail(`${command.join(' ')}: ${lastWords(ran)}`)
    const names = ['status', 'check'].includes(command[1] ?? '') && command[0] === 'cluster'
    const isHeal = command[0] === 'heal'
    if ((names || isHeal) && !`${ran.stdout}${ran.stderr}`.includes(`${topic}-0`))
      fail(`${command.join(' ')} does not name ${topic}-0: ${lastWords(ran)}`)
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
