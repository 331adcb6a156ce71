import { setTimeout as sleep } from 'node:timers/promises'

import type { StatusDocument } from '../../../src/lib/report/status/status-document.js'
import { lastWords } from '../klinic.js'
import type { Fault } from './fault.js'
import { exited, fail, same, type World } from './world.js'

const ANSWER_WITHIN_MS = 10_000
const PAUSES_MS = [5_000, 20_000, 60_000]
const READING = [
  ['cluster', 'status'],
  ['reassign', 'status'],
  ['cluster', 'check'],
  ['heal', 'plan'],
]

/** Runs commands that read, one after the other, while the broker hangs; none may hang with it. */
async function lookAround(world: World, untilMs: number): Promise<number> {
  let slowestMs = 0
  const operator = world.operator()
  for (let turn = 0; turn === 0 || Date.now() < untilMs; turn++) {
    const command = READING[turn % READING.length] ?? []
    const ran = await operator.run([...command, ...world.reading, '--json'])
    slowestMs = Math.max(slowestMs, ran.tookMs)
    if (ran.tookMs > ANSWER_WITHIN_MS)
      fail(`${command.join(' ')} took ${ran.tookMs} ms: ${lastWords(ran)}`)
    if (ran.code === null || ran.code === 70) fail(`${command.join(' ')}: ${lastWords(ran)}`)
  }
  return slowestMs
}

async function hang(world: World, index: number): Promise<string> {
  const pauseMs = PAUSES_MS[index % PAUSES_MS.length] ?? 5_000
  const topic = await world.topic(
    [
      [1, 2],
      [2, 1],
    ],
    4,
  )
  const file = await world.planFile(topic, [
    [1, 4],
    [4, 1],
  ])
  const pace = ['--throttle', '1MB', '--json-events']
  const running = world.operator().start(['reassign', 'execute', file, ...world.at, ...pace])
  await world.copying(running)
  world.lab.pause(4)
  const pausedAt = Date.now()
  let slowestMs: number
  try {
    if (pauseMs === PAUSES_MS[0]) await refuseDeath(world)
    slowestMs = await lookAround(world, pausedAt + pauseMs)
    await sleep(Math.max(0, pausedAt + pauseMs - Date.now()))
  } finally {
    world.lab.resume(4)
  }
  exited(await running.ended, 0)
  same('places', await world.places(topic), ['1,4 led by 1', '4,1 led by 4'])
  await world.alive([1, 2, 3, 4])
  await world.whole()
  await world.settle()
  return `${pauseMs / 1000} s: slowest command ${slowestMs} ms`
}

/** A broker that was silent for a moment is not dead, and is not called so. */
async function refuseDeath(world: World): Promise<void> {
  const ran = await world.operator().run(['cluster', 'status', ...world.reading, '--json'])
  exited(ran, 0)
  const { findings } = JSON.parse(ran.stdout) as StatusDocument
  const dead = findings.filter(({ code }) => code === 'BROKER_MISSING' || code === 'BROKER_FENCED')
  if (dead.length > 0) fail(`called dead: ${JSON.stringify(dead)}`)
}

/** F5 */
export const hangingBrokers: Fault = {
  id: 'F5',
  what: 'a broker hangs for a while: no command hangs with it, and none calls it dead too early',
  times: 30,
  run: hang,
}
