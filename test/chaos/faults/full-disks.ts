import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Fault } from './fault.js'
import { exited, fail, same, type World } from './world.js'

/** Beside what the victim holds already. */
const ROOM_MB = 64
const TOO_MUCH_MB = 80
const FITTING_MB = 24
const LATE_MB = 24
/** What is left on the disk when something else fills it; at 1 MB/s that is as many seconds to see it in. */
const LEFT_MB = 12
const VICTIM = 4

/** Megabytes of the files below, holes counted: a copy has none. */
function copiedMegabytes(dir: string): number {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
  const bytes = files.map((file) => statSync(join(dir, file)).size)
  return Math.ceil(bytes.reduce((sum, size) => sum + size, 0) / 1_000_000)
}

/** Puts the victim's only log directory on a disk of its own; null where this user may not mount. */
async function smallDisk(world: World): Promise<string | null> {
  const dir = world.lab.brokers.find(({ id }) => id === VICTIM)?.logDirs[0] ?? fail('no log dir')
  const kept = mkdtempSync(join(tmpdir(), 'klinic-disk-'))
  await world.lab.stop(VICTIM)
  try {
    cpSync(dir, kept, { recursive: true })
    const size = `size=${copiedMegabytes(kept) + ROOM_MB}m`
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'klinic-faults', dir])
    } catch {
      return null
    }
    cpSync(kept, dir, { recursive: true })
    return dir
  } finally {
    rmSync(kept, { recursive: true, force: true })
    await world.revive(VICTIM)
  }
}

/** Takes the small disk away; the broker reads its replicas again from the others. */
async function removeDisk(world: World, dir: string): Promise<void> {
  await world.lab.stop(VICTIM)
  const kept = mkdtempSync(join(tmpdir(), 'klinic-disk-'))
  cpSync(dir, kept, { recursive: true })
  execFileSync('umount', [dir])
  cpSync(kept, dir, { recursive: true })
  rmSync(kept, { recursive: true, force: true })
  await world.revive(VICTIM)
}

/** Refused, with how much there is and how much would come. */
async function refused(world: World, file: string): Promise<void> {
  const ran = await world.operator().run(['reassign', 'execute', file, ...world.at])
  exited(ran, 3)
  if (!/broker 4[^]*\d+(\.\d+)? [kMG]?i?B/.test(ran.stderr)) fail(`no figures: ${ran.stderr}`)
}

async function fillUp(world: World): Promise<string | undefined> {
  const tooMuch = await world.topic(
    Array.from({ length: 4 }, () => [1, 2]),
    TOO_MUCH_MB / 4,
  )
  const fitting = await world.topic(
    [
      [1, 2],
      [1, 2],
    ],
    FITTING_MB / 2,
  )
  const late = await world.topic(
    [
      [1, 2],
      [1, 2],
    ],
    LATE_MB / 2,
  )
  const before = await world.places(tooMuch)
  const dir = await smallDisk(world)
  if (dir === null) return 'left out: needs the right to mount a tmpfs'
  const filler = join(dir, '..', 'log1', 'filler')
  try {
    const big = await world.planFile(
      tooMuch,
      before.map(() => [1, VICTIM]),
    )
    await refused(world, big)
    const small = await world.planFile(fitting, [
      [1, VICTIM],
      [1, VICTIM],
    ])
    fillTo(dir, filler, LEFT_MB)
    await refused(world, small)
    const lifted = await waitsForRoom(world, small, filler)
    same('places', await world.places(tooMuch), before)
    const rescued = await takesBack(world, late, () => fillTo(dir, filler, LEFT_MB))
    const { state } = world.lab.brokers.find(({ id }) => id === VICTIM) ?? {}
    same('the broker', state, 'running')
    await world.settle()
    return `${lifted}; ${rescued}`
  } finally {
    rmSync(filler, { force: true })
    await removeDisk(world, dir)
  }
}

/** With the guard lifted moves wait for room instead of killing the broker, and go on once there is some. */
async function waitsForRoom(world: World, file: string, filler: string): Promise<string> {
  const flags = ['--ignore-disk', '--throttle', 'none', '--json-events']
  const running = world.operator().start(['reassign', 'execute', file, ...world.at, ...flags])
  const deadline = Date.now() + 60_000
  while (!running.stdout().includes('"DISK_FULL"')) {
    if (Date.now() > deadline) fail(`does not wait for room: ${running.stdout()}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  rmSync(filler)
  exited(await running.ended, 0)
  return 'refused twice with figures, then waited for room, and went on when there was some'
}

/** Fills the disk until so much is left. */
function fillTo(dir: string, filler: string, leftMb: number): void {
  const { bavail, bsize } = statfsSync(dir)
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leftMb * 1e6)))
}

/** Something else fills the disk while replicas come to it: they are taken back before the broker dies of it. */
async function takesBack(world: World, topic: string, fillDisk: () => void): Promise<string> {
  const before = await world.places(topic)
  const file = await world.planFile(
    topic,
    before.map(() => [1, VICTIM]),
  )
  const flags = ['--throttle', '1MB', '--json-events']
  const running = world.operator().start(['reassign', 'execute', file, ...world.at, ...flags])
  const deadline = Date.now() + 60_000
  while (!running.stdout().includes('"copying"')) {
    if (Date.now() > deadline) fail(`does not begin: ${running.stdout()}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  fillDisk()
  const ran = await running.ended
  exited(ran, 7)
  if (!ran.stdout.includes('"DISK_FILLING"')) fail(`says nothing of the disk: ${ran.stdout}`)
  same('places', await world.places(topic), before)
  return 'took back what would have filled the disk'
}

/** F8 */
export const fullDisks: Fault = {
  id: 'F8',
  what: 'a target has no room, or has none any more when the plan is to be carried out: refused with figures; one that fills up meanwhile: taken back; no broker dies',
  times: 10,
  run: fillUp,
}
