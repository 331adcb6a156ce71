import type { Snapshot } from '../../model/snapshot.js'
import type { Plan, Reason } from '../../plan/plan.js'
import { validatePlan } from '../../plan/validate-plan.js'
import { applyFlags, checkGuards } from './guards/check-guards.js'
import { bytesPerReplica } from './guards/disk-guard.js'
import type { Guard, LiftingFlag } from './guards/guard.js'
import { indexPartitions } from '../../model/find-partition.js'
import type { Move } from './moves.js'
import { movesOf } from './moves.js'
import { warnBefore } from './prepare-warnings.js'
import { shortestSeconds } from './progress.js'

/** A plan held against the cluster: what would be done, and what stands in its way. */
export interface Preparation {
  readonly moves: readonly Move[]
  /** Moves that a flag leaves out, with the reason. */
  readonly skipped: ReadonlyMap<number, Reason>
  /** Partitions that are to be changed; one may take two moves. */
  readonly partitions: number
  /** Partitions that have the planned replicas already: nothing is copied for them. */
  readonly alreadyDone: number
  readonly standing: readonly Guard[]
  readonly lifted: readonly Guard[]
  /** Who led each partition of the moves, by `topic-partition`; null for nobody. */
  readonly leaders: ReadonlyMap<string, number | null>
  readonly bytesToMove: number
  /** What the throttle allows at best; null without one. */
  readonly shortestSeconds: number | null
  /** What stands in no way and should be known before the start, a sentence each. */
  readonly warnings: readonly string[]
}

/** What {@link prepare} works from. */
export interface PrepareInput {
  readonly plan: Plan
  readonly snapshot: Snapshot
  readonly flags: ReadonlySet<LiftingFlag>
  readonly throttleBytesPerSec: number | null
  /** What stands in the way beside the cluster itself: that no window is open. */
  readonly others?: readonly Guard[]
}

/** Checks a plan against the cluster as read just now. Pure: a dry run is this and nothing else. */
export function prepare({
  plan,
  snapshot,
  flags,
  throttleBytesPerSec,
  others = [],
}: PrepareInput): Preparation {
  const moves = movesOf(plan)
  const there = partitionsDone(plan, snapshot)
  const toMake = moves.filter(({ key }) => !there.has(key))
  const guards = [...checkGuards({ plan, moves: toMake, allMoves: moves, snapshot }), ...others]
  const { standing, lifted } = applyFlags(guards, flags)
  const skipped = new Map<number, Reason>()
  for (const { skips, message } of lifted) {
    for (const { step, key } of moves.filter((move) => skips?.includes(move.key))) {
      skipped.set(step, { code: 'SKIPPED_AS_ASKED', text: `${key}: ${message}` })
    }
  }
  const made = toMake.filter(({ step }) => !skipped.has(step))
  const { bytesToMove, byBroker } = weigh(made, snapshot)
  return {
    moves,
    skipped,
    partitions: countPartitions(made),
    alreadyDone: there.size,
    standing,
    lifted,
    leaders: leadersIn(moves, snapshot),
    bytesToMove,
    shortestSeconds: shortestSeconds(byBroker, throttleBytesPerSec),
    warnings: warnBefore({ moves: made, snapshot, throttleBytesPerSec }),
  }
}

/** How many partitions these moves are of. */
function countPartitions(moves: readonly Move[]): number {
  return new Set(moves.map(({ key }) => key)).size
}

/** Partitions that somebody, or an earlier plan, has brought exactly to where this one would. */
function partitionsDone(plan: Plan, snapshot: Snapshot): ReadonlySet<string> {
  const found = validatePlan(plan, snapshot).filter(({ code }) => code === 'ALREADY_DONE')
  return new Set(found.map(({ subject }) => subject))
}

function leadersIn(moves: readonly Move[], snapshot: Snapshot): ReadonlyMap<string, number | null> {
  const located = indexPartitions(snapshot, new Set(moves.map(({ key }) => key)))
  return new Map([...located].map(([key, { partition }]) => [key, partition.leader]))
}

/** Bytes that the moves copy by the sizes of now, and what each broker sends or receives of them at most. */
function weigh(
  moves: readonly Move[],
  snapshot: Snapshot,
): { readonly bytesToMove: number; readonly byBroker: ReadonlyMap<number, number> } {
  const located = indexPartitions(snapshot, new Set(moves.map(({ key }) => key)))
  const sent = new Map<number, number>()
  const received = new Map<number, number>()
  let bytesToMove = 0
  const add = (map: Map<number, number>, id: number, bytes: number): void => {
    map.set(id, (map.get(id) ?? 0) + bytes)
  }
  for (const move of moves) {
    const partition = located.get(move.key)?.partition
    const each = bytesPerReplica(move, partition?.sizeBytes)
    bytesToMove += each * move.adding.length
    const source = partition?.leader ?? null
    if (source !== null) add(sent, source, each * move.adding.length)
    for (const id of move.adding) add(received, id, each)
  }
  const byBroker = new Map(
    [...new Set([...sent.keys(), ...received.keys()])].map((id) => [
      id,
      Math.max(sent.get(id) ?? 0, received.get(id) ?? 0),
    ]),
  )
  return { bytesToMove, byBroker }
}
