import type { LeaderStep, PartitionStep, ReassignStep } from '../../plan/plan.js'
import type { Dense } from '../search/dense.js'
import type { SearchState } from '../search/state.js'

/** A partition whose assignment the search changed, in broker ids; leaders stand first in `to`. */
export interface NetChange {
  readonly p: number
  readonly topic: string
  readonly topicId: string | undefined
  readonly partition: number
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly leaderFrom: number | null
  readonly leaderTo: number | null
  readonly added: readonly number[]
  readonly removed: readonly number[]
}

function differs(dense: Dense, state: SearchState, p: number): boolean {
  const end = dense.offset[p + 1] ?? 0
  for (let i = dense.offset[p] ?? 0; i < end; i++)
    if (dense.replicas[i] !== state.replicas[i]) return true
  return dense.leader[p] !== state.leader[p]
}

/** The leader first, then what stays in its old order, with new replicas in the places of those that go. */
function orderList(
  from: readonly number[],
  wanted: readonly number[],
  leader: number | null,
): readonly number[] {
  const arriving = wanted.filter((id) => !from.includes(id)).sort((a, b) => a - b)
  const list = from.flatMap((id) => (wanted.includes(id) ? [id] : arriving.splice(0, 1)))
  return leader === null ? list : [leader, ...list.filter((id) => id !== leader)]
}

function netChange(dense: Dense, state: SearchState, p: number): NetChange | null {
  const source = dense.source[p]
  const topic = dense.topics[dense.topicOf[p] ?? 0]
  if (source === undefined || topic === undefined || !differs(dense, state, p)) return null
  const idOf = (b: number): number => dense.brokers[b]?.id ?? -1
  const lead = state.leader[p] ?? -1
  const leaderTo = lead < 0 ? null : idOf(lead)
  const wanted = [...state.replicas.subarray(dense.offset[p] ?? 0, dense.offset[p + 1] ?? 0)].map(
    idOf,
  )
  const from = source.replicas
  const to = orderList(from, wanted, leaderTo)
  return {
    p,
    topic: topic.name,
    topicId: topic.topicId,
    partition: source.id,
    from,
    to,
    leaderFrom: source.leader,
    leaderTo,
    added: to.filter((id) => !from.includes(id)),
    removed: from.filter((id) => !to.includes(id)),
  }
}

/** The net effect of a search: what differs between the snapshot and the state it ended in, in partition order. */
export function netChanges(dense: Dense, state: SearchState): readonly NetChange[] {
  return dense.source.flatMap((_, p) => {
    const change = netChange(dense, state, p)
    return change === null || (change.added.length === 0 && change.leaderFrom === change.leaderTo)
      ? []
      : [change]
  })
}

/** Why a change is made and what it gains. */
export interface Explained {
  readonly reason: ReassignStep['reason']
  readonly gain: string
}

/** Steps in order of execution: leadership first, as it costs nothing, then data by topic and partition. */
export function draftSteps(
  dense: Dense,
  changes: readonly NetChange[],
  explain: (change: NetChange) => Explained,
): readonly PartitionStep[] {
  const leaders = changes.filter((change) => change.added.length === 0)
  const moves = changes.filter((change) => change.added.length > 0)
  return [...leaders, ...moves].map((change, at) => {
    const { topic, topicId, partition, from, to } = change
    const about = { topic, ...(topicId === undefined ? {} : { topicId }), partition }
    const why = explain(change)
    const lead = change.leaderTo
    if (change.added.length === 0 && lead !== null) {
      const step: LeaderStep = {
        id: at + 1,
        type: 'leader',
        ...about,
        replicas: from,
        from: change.leaderFrom,
        to: lead,
        bytesToMove: 0,
        ...why,
      }
      return step
    }
    const step: ReassignStep = {
      id: at + 1,
      type: 'reassign',
      ...about,
      from,
      to,
      bytesToMove: (dense.size[change.p] ?? 0) * change.added.length,
      ...why,
    }
    return step
  })
}
