import pLimit from 'p-limit'

import { OperatorError } from '../../errors/operator-error.js'
import type { GateExpectation, GateVerdict, GateWait } from './judge-gate.js'
import { explainWait, judgeGate } from './judge-gate.js'
import { judgeQuorum } from './judge-quorum.js'
import { returnLeaders } from './return-leaders.js'
import type { RollBaseline, RollDeps, RollOptions } from './roll-deps.js'

/** What one wait at the gate is for. */
export interface GateWish {
  /** The broker whose turn it is, for messages; null at the end. */
  readonly broker: number | null
  /** Brokers that are about to stop; empty when none is. */
  readonly nextStop: ReadonlySet<number>
  /** True after an unclean stop: a sick broker may look healthy for as long as its session lasts. */
  readonly unclean: boolean
  /** False while leaders are still to be elected. */
  readonly judgeLeaders: boolean
  /** Brokers that are known to be down or just came up: others are asked. */
  readonly avoid: ReadonlySet<number>
  /** Brokers that must answer by themselves: a dead one stays listed for as long as its session lasts. */
  readonly ask: readonly number[]
  /** Brokers that are about to restart because they are not well. */
  readonly sick?: ReadonlySet<number>
  /** True while nothing is down because of us; a broker that was stopped is brought back first. */
  readonly interruptible: boolean
}

const SAY_EVERY_MS = 30_000
/** A look that takes longer than the pause between two is not followed by the next at once. */
const MIN_PAUSE_MS = 250
/** Timers may fire early by that much, and then another look would be needed. */
const EARLY_MS = 2
/** Brokers that are asked at the same time. */
const ASK_AT_ONCE = 16

function stalled(wish: GateWish, verdict: GateVerdict, waitedMs: number): OperatorError {
  const who = wish.broker === null ? 'the final gate' : `the gate of broker ${wish.broker}`
  return new OperatorError({
    code: 'GATE_STALLED',
    message: `${who} waited ${Math.round(waitedMs / 1000)} s without progress: ${explainWait(verdict)}`,
    nextSteps: ['klinic cluster check', 'klinic roll resume, once that is well'],
    exit: 'stoppedHalfWay',
  })
}

function interrupted(): OperatorError {
  return new OperatorError({
    code: 'ROLL_INTERRUPTED',
    message: 'interrupted while waiting: no broker was stopped since',
    nextSteps: ['klinic roll resume'],
    exit: 'interrupted',
  })
}

function expectation(
  baseline: RollBaseline,
  options: RollOptions,
  wish: GateWish,
): GateExpectation {
  return {
    brokers: baseline.brokers,
    topics: baseline.topics,
    nextStop: wish.nextStop,
    isrMargin: options.isrMargin,
    accepts: options.accepts,
    maxLeaderImbalance: wish.judgeLeaders ? options.maxLeaderImbalance : null,
    allowReassignments: options.allowReassignments,
    ...(wish.sick === undefined ? {} : { sick: wish.sick }),
  }
}

async function findSilent(
  deps: RollDeps,
  brokers: readonly number[],
): Promise<readonly GateWait[]> {
  const limit = pLimit(ASK_AT_ONCE)
  const answers = await Promise.all(brokers.map((id) => limit(() => deps.answers(id))))
  return brokers
    .filter((_, index) => answers[index] !== true)
    .map((id) => ({
      rule: 'BROKER_MISSING',
      subject: `broker ${id}`,
      text: 'does not answer by itself',
    }))
}

/**
 * Asked once, right before a stop: a broker that was killed a moment ago still stands in every answer of the others, with its
 * replicas in sync, for as long as its session lasts.
 */
async function askEveryOther(
  deps: RollDeps,
  { brokers }: RollBaseline,
  { nextStop, sick }: GateWish,
): Promise<GateVerdict> {
  const others =
    nextStop.size === 0 ? [] : brokers.filter((id) => !nextStop.has(id) && sick?.has(id) !== true)
  const waits = await findSilent(deps, others)
  return { healthy: waits.length === 0, waits, work: waits.length }
}

/** Waits beyond what the samples show: silent brokers, the quorum, consumers (asked last, and only when all else is well). */
async function findFurtherWaits(
  deps: RollDeps,
  wish: GateWish,
  isWell: boolean,
): Promise<readonly GateWait[]> {
  const [silent, quorum] = await Promise.all([findSilent(deps, wish.ask), deps.quorum()])
  const waits: readonly GateWait[] = [...silent, ...judgeQuorum(quorum, wish.nextStop)]
  if (!isWell || waits.length > 0) return waits
  const consumers = await deps.consumersWaitFor()
  return consumers === null ? [] : [{ rule: 'CONSUMERS', subject: 'consumers', text: consumers }]
}

async function look(
  deps: RollDeps,
  expected: GateExpectation,
  wish: GateWish,
): Promise<GateVerdict> {
  const verdict = judgeGate(await deps.sample(wish.avoid), expected)
  const further = await findFurtherWaits(deps, wish, verdict.healthy)
  if (further.length === 0) return verdict
  return {
    healthy: false,
    waits: [...further, ...verdict.waits],
    work: verdict.work + further.length,
  }
}

interface Streak {
  good: number
  goodSinceMs: number
  /** The least work seen so far, and when it last became less. */
  least: number
  progressMs: number
  said: string
  saidMs: number
  /** When leaders were last elected by us. */
  electedMs: number
}

/** From the beginning of the first good look to the beginning of the last: none of their own time counts. */
function noteGood(streak: Streak, lookedMs: number): void {
  if (streak.good === 0) streak.goodSinceMs = lookedMs
  streak.good++
}

/** A flap starts the count anew; only less work than ever before counts as progress. */
function noteBad(streak: Streak, verdict: GateVerdict, nowMs: number): void {
  streak.good = 0
  if (verdict.work >= streak.least) return
  streak.least = verdict.work
  streak.progressMs = nowMs
}

/** Says what is waited for, when that changed or has not been said for a while. */
function sayWait(
  deps: RollDeps,
  streak: Streak,
  wish: GateWish,
  wait: { text: string; waitedMs: number; nowMs: number },
): void {
  if (wait.text === streak.said && wait.nowMs - streak.saidMs < SAY_EVERY_MS) return
  deps.say({ type: 'wait', broker: wish.broker, text: wait.text, waitedMs: wait.waitedMs })
  streak.said = wait.text
  streak.saidMs = wait.nowMs
}

/** Where leaders are all that is waited for nobody else may ever bring them back: the rebalancer of the cluster may be off. */
async function electIfThatHelps(
  deps: RollDeps,
  { electLeaders }: RollOptions,
  streak: Streak,
  { verdict, wish, nowMs }: { verdict: GateVerdict; wish: GateWish; nowMs: number },
): Promise<void> {
  if (!electLeaders || nowMs - streak.electedMs < SAY_EVERY_MS) return
  if (verdict.waits.some(({ rule }) => rule !== 'LEADER_IMBALANCE')) return
  streak.electedMs = nowMs
  const [snapshot] = await deps.sample(wish.avoid)
  if (snapshot !== undefined) await returnLeaders(deps, snapshot)
}

/**
 * Waits until enough consecutive samples are good, for long enough. It may last as long as the work that remains keeps
 * falling, and throws GATE_STALLED when nothing got better for `stallMs`.
 */
export async function waitForGate(
  deps: RollDeps,
  baseline: RollBaseline,
  options: RollOptions,
  wish: GateWish,
): Promise<void> {
  const { times } = options
  const expected = expectation(baseline, options, wish)
  const stableMs = wish.unclean ? times.stableUncleanMs : times.stableCleanMs
  const startMs = deps.clock.nowMs()
  const least = Number.POSITIVE_INFINITY
  const streak: Streak = {
    good: 0,
    goodSinceMs: 0,
    least,
    progressMs: startMs,
    said: '',
    saidMs: 0,
    electedMs: Number.NEGATIVE_INFINITY,
  }
  for (;;) {
    if (wish.interruptible && deps.signal.aborted) throw interrupted()
    const lookedMs = deps.clock.nowMs()
    let verdict = await look(deps, expected, wish)
    const nowMs = deps.clock.nowMs()
    if (verdict.healthy) {
      noteGood(streak, lookedMs)
      if (streak.good >= times.samples && lookedMs - streak.goodSinceMs >= stableMs) {
        verdict = await askEveryOther(deps, baseline, wish)
        if (verdict.healthy) return
      }
    }
    if (!verdict.healthy) {
      noteBad(streak, verdict, nowMs)
      sayWait(deps, streak, wish, { text: explainWait(verdict), waitedMs: nowMs - startMs, nowMs })
      if (nowMs - streak.progressMs >= times.stallMs) throw stalled(wish, verdict, nowMs - startMs)
      await electIfThatHelps(deps, options, streak, { verdict, wish, nowMs })
    }
    const restMs = times.sampleEveryMs + EARLY_MS - (deps.clock.nowMs() - lookedMs)
    const pauseMs = Math.max(restMs, MIN_PAUSE_MS)
    await deps.clock.sleep(pauseMs, wish.interruptible ? deps.signal : undefined)
  }
}
