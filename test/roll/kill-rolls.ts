import { wholeBetween, type Random } from '../chaos/random.js'
import type { Lab } from '../lab/index.js'
import { Operator, reportOf, type Running, serviceLine, startsOf } from '../live/roll-support.js'
import { harmOf } from './stage.js'

/** What kills of one roll came to. */
export interface KilledRoll {
  readonly kills: number
  /** What was not as it should be; empty when every broker restarted exactly once and the cluster is whole. */
  readonly violations: readonly string[]
}

/** How a roll is killed. */
export interface KillPlan {
  readonly kills: number
  readonly random: Random
  readonly say: (line: string) => void
}

const LOOK_EVERY_MS = 10
/** Lines that a run says before it ends, about: a kill falls behind one of them. */
const LINES_FOR_EACH_BROKER = 7

const linesOf = (running: Running): readonly string[] => running.said().trimEnd().split('\n')

/** Kills a run some time behind one of its lines; false when it ended before that. */
async function killBehind(running: Running, line: number, delayMs: number): Promise<boolean> {
  const end = new AbortController()
  void running.ended.then(() => end.abort())
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
  while (!end.signal.aborted && linesOf(running).filter((text) => text !== '').length < line)
    await pause(LOOK_EVERY_MS)
  await pause(delayMs)
  running.kill('SIGKILL')
  return (await running.ended).code === null
}

/** Ids of brokers that are down at this moment. */
function findDown(lab: Lab): readonly number[] {
  return lab.brokers.map(({ id }) => id).filter((id) => !serviceLine(lab, id).startsWith('run:'))
}

/** What is not as it should be when the last run has ended. */
async function judgeEnd(
  lab: Lab,
  running: Running,
  starts: ReadonlyMap<number, number>,
): Promise<readonly string[]> {
  const ran = await running.ended
  // A run that was killed behind its last record has no report.
  const isWell = ran.code === null || (ran.code === 0 && reportOf(ran).complete)
  const notOnce = [...starts].flatMap(([id, before]) => {
    const times = startsOf(lab, id) - before
    return times === 1 ? [] : [`broker ${id} was started ${times} times`]
  })
  return [
    ...(isWell ? [] : [`exit ${ran.code}: ${ran.stdout} ${ran.stderr}`]),
    ...notOnce,
    ...(await harmOf(lab)),
  ]
}

/**
 * Restarts all brokers with a command that is killed with SIGKILL behind random lines of what it says, and taken up with
 * `roll resume`, as often as told; the last resume runs to its end.
 */
export async function killRoll(lab: Lab, { kills, random, say }: KillPlan): Promise<KilledRoll> {
  const operator = new Operator(lab)
  const ids = lab.brokers.map(({ id }) => id)
  const starts = new Map(ids.map((id) => [id, startsOf(lab, id)]))
  const violations: string[] = []
  let killed = 0
  let running = operator.restart([])
  while (killed < kills) {
    const remaining = ids.filter((id) => startsOf(lab, id) === starts.get(id)).length
    // Early enough that something is left for the kills that follow.
    const reach = Math.floor((remaining * LINES_FOR_EACH_BROKER) / (kills - killed))
    const line = wholeBetween(random, 1, Math.max(3, reach))
    const delayMs = wholeBetween(random, 0, 600)
    if (!(await killBehind(running, line, delayMs))) break
    killed += 1
    const down = findDown(lab)
    say(
      `kill ${killed}, ${delayMs} ms behind "${linesOf(running).at(-1) ?? ''}"; down: ${down.join(',') || 'none'}`,
    )
    if (down.length > 1) violations.push(`brokers ${down.join(',')} were down at once`)
    const isBegun = ids.some((id) => startsOf(lab, id) !== starts.get(id)) || down.length > 0
    const next = await goOn(operator, isBegun)
    if (next === null) break
    running = next
  }
  return { kills: killed, violations: [...violations, ...(await judgeEnd(lab, running, starts))] }
}

/** Takes up what was killed; what was killed before it had written anything down begins anew. Null: it was at its end. */
async function goOn(operator: Operator, isBegun: boolean): Promise<Running | null> {
  const { code } = await operator.status().ended
  if (code === 0) return operator.resume()
  return isBegun ? null : operator.restart([])
}
