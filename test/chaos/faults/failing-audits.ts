import type { ActionEntry } from '../../../src/lib/plan/action-entry.js'
import { until } from '../../live/reassign-support.js'
import type { Fault } from './fault.js'
import { exited, fail, reportOf, same, type World } from './world.js'

const SLOW = ['--throttle', '1MB', '--max-partitions', '1', '--json-events']
const MOVES = 4
/** No record is as small as that. */
const NOTHING_FITS = '10'

/** The topic takes records, or does not. */
async function limit(world: World, topic: string, value: string | null): Promise<void> {
  const change = { resource: { type: 'topic', name: topic }, name: 'max.message.bytes' } as const
  const { writer } = world.cluster
  await writer.alterConfigs([
    value === null ? { ...change, op: 'delete' } : { ...change, op: 'set', value },
  ])
}

/** With --require-audit, the log fails in the midst of a run: it stops before its next change, and goes on once the log is back. */
async function loseTheLog(world: World): Promise<string> {
  const topic = await world.topic(
    Array.from({ length: MOVES }, () => [1, 2]),
    3,
  )
  const file = await world.planFile(
    topic,
    Array.from({ length: MOVES }, () => [1, 4]),
  )
  const log = `${topic}-audit`
  const audit = ['--actions-topic', log, '--require-audit']
  const operator = world.operator()
  const execute = ['reassign', 'execute', file, ...world.at, ...audit, '--patience', '3s']
  const running = operator.start([...execute, ...SLOW])
  await world.copying(running)
  await limit(world, log, NOTHING_FITS)
  const ran = await running.ended
  await limit(world, log, null)
  exited(ran, 69)
  const report = reportOf(ran)
  same('code', report.code, 'AUDIT_UNWRITABLE')
  if (report.left.length === 0) fail('nothing was left: it went on without its log')
  const there = (await world.places(topic)).filter((place) => place.startsWith('1,4'))
  const { done } = report.moves
  await until('the log takes records again', 60_000, async () => {
    const resume = ['reassign', 'resume', report.planId, ...world.at, ...audit, '--json']
    const again = await operator.run([...resume, '--throttle', '50MB'])
    if (again.code === 69) return false
    exited(again, 0)
    return true
  })
  same(
    'places',
    await world.places(topic),
    Array.from({ length: MOVES }, () => '1,4 led by 1'),
  )
  await noGap(world, report.planId, log)
  await world.settle()
  return `${done} moves done, ${there.length} in place when it stopped, ${report.left.length} left`
}

async function noGap(world: World, planId: string, topic: string): Promise<void> {
  const show = ['actions', 'log', '--plan', planId, '--all', '--json', '--actions-topic', topic]
  const ran = await world.operator().run([...show, ...world.reading])
  exited(ran, 0)
  const lines = ran.stdout.split('\n').filter((line) => line !== '')
  const numbers = lines.map((line) => (JSON.parse(line) as ActionEntry).sequence)
  if (numbers.length === 0) fail('the log is empty')
  same(
    'places in the log',
    numbers,
    numbers.map((_one, index) => index),
  )
}

/** Not of the matrix. */
export const failingAudits: Fault = {
  id: 'AUDIT',
  what: 'with --require-audit the action log fails in the midst of a run: it stops, exit 69, and goes on once the log is back',
  times: 3,
  run: loseTheLog,
}
