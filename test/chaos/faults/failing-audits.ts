import { readFileSync } from 'node:fs'

import type { ActionEntry } from '../../../src/lib/plan/action-entry.js'
import type { Plan } from '../../../src/lib/plan/plan.js'
import { until } from '../../live/reassign-support.js'
import { lastWords } from '../klinic.js'
import type { Fault } from './fault.js'
import { exited, fail, same, type World } from './world.js'

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
  const { id: planId } = JSON.parse(readFileSync(file, 'utf8')) as Plan
  for (const part of ['AUDIT_UNWRITABLE', `reassign resume ${planId}`])
    if (!ran.stderr.includes(part)) fail(`it does not say ${part}: ${lastWords(ran)}`)
  const there = (await world.places(topic)).filter((place) => place.startsWith('1,4'))
  if (there.length === MOVES) fail('it went on without its log')
  await until('the log takes records again', 60_000, async () => {
    const resume = ['reassign', 'resume', planId, ...world.at, ...audit, '--json']
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
  await noGap(world, planId, log)
  await world.settle()
  return `${there.length} of ${MOVES} in place, or on their way, when it stopped`
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

export const failingAudits: Fault = {
  id: 'AUDIT',
  what: 'with --require-audit the action log fails in the midst of a run: it stops, exit 69, and goes on once the log is back',
  times: 3,
  run: loseTheLog,
}
