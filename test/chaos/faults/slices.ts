import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Operator } from '../klinic.js'
import type { Fault } from './fault.js'
import { exited, reportOf, same, type World } from './world.js'

const MINUTE_MS = 60_000
const SLOW = ['--throttle', '1MB', '--json']
const FAST = ['--throttle', '50MB', '--json']
/** At 1 MB/s it takes longer than any window of this test. */
const LONG_MEGABYTES = 150

const clock = (atMs: number): string => new Date(atMs).toISOString().slice(11, 16)

/** A klinic.yaml whose only window is that one; returns the flags that choose it. */
function withWindow(world: World, { directory }: Operator, fromMs: number, toMs: number): string[] {
  const file = join(directory, 'klinic.yaml')
  const window = `{ days: [mon-sun], from: '${clock(fromMs)}', to: '${clock(toMs)}', timezone: UTC }`
  const servers = world.lab.bootstrapServers.split(',').map((server) => `'${server}'`)
  const lines = [
    'clusters:',
    '  test:',
    `    bootstrapServers: [${servers.join(', ')}]`,
    '    execution:',
    `      windows: [${window}]`,
  ]
  writeFileSync(file, lines.join('\n'))
  return ['--config', file, '--cluster', 'test', '--confirm', 'test']
}

/** A plan is longer than its window: it ends cleanly when the window does, and the runs after that go on with it. */
async function sliceByNights(world: World): Promise<string> {
  const short = await world.topic([[1, 2]], 2)
  const long = await world.topic([[1, 2]], LONG_MEGABYTES)
  const wanted = [short, long].map((topic) => ({ topic, partition: 0, replicas: [1, 4] }))
  const file = await world.cluster.planFile(`${short}-sliced.json`, wanted)
  const operator = world.operator()
  const now = Date.now()
  const tonight = withWindow(world, operator, now - 5 * MINUTE_MS, now + 2 * MINUTE_MS)

  const first = await operator.run(['reassign', 'execute', file, ...tonight, ...SLOW])
  exited(first, 5)
  const { code, planId, left } = reportOf(first)
  same('first night', [code, left.length], ['WINDOW_CLOSED', 1])
  same('after the first night', await world.leftovers(), [])
  same('what fitted', await world.places(short), ['1,4 led by 1'])

  const resume = ['reassign', 'resume', planId]
  const later = withWindow(world, operator, now + 600 * MINUTE_MS, now + 660 * MINUTE_MS)
  const byDay = await operator.run([...resume, ...later, ...FAST])
  exited(byDay, 75)
  same(
    'by day',
    (JSON.parse(byDay.stdout) as { error: { code: string } }).error.code,
    'OUTSIDE_WINDOW',
  )

  const lifted = await operator.run([
    ...resume,
    ...later,
    '--ignore-windows',
    '--for',
    '20s',
    ...SLOW,
  ])
  exited(lifted, 5)
  same('--for', reportOf(lifted).code, 'TIME_IS_UP')
  same('after --for', await world.leftovers(), [])

  // That the windows do not count for this plan stands in its journal now.
  exited(await operator.run([...resume, ...later, ...FAST]), 0)
  same('the rest', await world.places(long), ['1,4 led by 1'])
  await world.settle()
  return 'one move in the first night, refused by day, none in --for 20s, the rest after that'
}

export const slices: Fault = {
  id: 'SLICE',
  what: 'a window of klinic.yaml, or --for, ends a run cleanly; the next one goes on',
  times: 3,
  run: sliceByNights,
}
