import type { Clock } from '../../../ports/clock.js'
import type { HeldLock, ProcessWitness } from '../../../ports/coordination.js'
import type { LockHolder } from '../../../ports/journal.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { describeGroups, type DescribedGroup } from '../protocol/apis/describe-groups.js'
import { leaveGroup } from '../protocol/apis/leave-group.js'
import { hasCoordinators } from '../reader/has-coordinators.js'
import { GroupCoordinator } from './group-coordinator.js'
import { HeldGroupLock } from './held-group-lock.js'
import { decodeOwner, holderOf, type OwnedLock } from './lock-document.js'
import { lockRefused } from './lock-errors.js'
import { Membership } from './membership.js'

const LOOK_PATIENCE_MS = 3_000
/** A cluster that has never had a consumer makes its offsets topic first. */
const FIRST_PATIENCE_MS = 20_000
/** While a group changes hands nobody says who has it. */
const UNSETTLED_LOOKS = 10
const UNSETTLED_PAUSE_MS = 200
const MAX_TRIES = 4

/** The group whose leader has the lock of a cluster. */
export const lockGroupOf = (clusterId: string): string => `klinic.lock.${clusterId}`

/** What a lock is made with. */
export interface GroupLockParts {
  readonly pool: KafkaPool
  readonly clusterId: string
  readonly clock: Clock
  readonly witness: ProcessWitness
}

/** The lock of one cluster, as membership of a consumer group of ours on that very cluster. */
export class GroupLock {
  readonly #parts: GroupLockParts
  readonly #group: GroupCoordinator

  constructor(parts: GroupLockParts) {
    this.#parts = parts
    this.#group = new GroupCoordinator(parts.pool, lockGroupOf(parts.clusterId), parts.clock)
  }

  /** Null when nobody alive has it; looks only, and makes no offsets topic where there is none. */
  async holder(): Promise<LockHolder | null> {
    if (!(await hasCoordinators(this.#parts.pool))) return null
    for (let look = 1; ; look++) {
      const { owner, isSettled, stranger } = await this.#look(LOOK_PATIENCE_MS)
      if (owner !== null) {
        return (await this.#parts.witness.isGone(owner.witness)) ? null : holderOf(owner)
      }
      if (isSettled || look >= UNSETTLED_LOOKS) return stranger
      await this.#parts.clock.sleep(UNSETTLED_PAUSE_MS)
    }
  }

  /** Takes the lock, or says who has it. Of several at once exactly one gets it. */
  async take(holder: LockHolder): Promise<LockHolder | HeldLock> {
    const { clock, witness } = this.#parts
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      const { owner } = await this.#look(FIRST_PATIENCE_MS)
      if (owner !== null) {
        if (!(await witness.isGone(owner.witness))) return holderOf(owner)
        await this.#evict([owner.owner], 'its process is gone')
      }
      const membership = new Membership(this.#group, { ...holder, witness: witness.mine })
      const joined = await membership.join()
      if (joined.kind === 'owner') return new HeldGroupLock(membership, clock)
      if (joined.kind !== 'refused') continue
      await membership.leave(LOOK_PATIENCE_MS)
      if (joined.owner !== null) return holderOf(joined.owner)
    }
    const seen = await this.holder()
    if (seen !== null) return seen
    throw lockRefused(this.#group.groupId, 'REBALANCE_IN_PROGRESS')
  }

  /** Takes everybody out of the group; returns who had the lock. */
  async break(): Promise<LockHolder | null> {
    if (!(await hasCoordinators(this.#parts.pool))) return null
    const { owner, stranger, memberIds } = await this.#look(LOOK_PATIENCE_MS)
    if (memberIds.length === 0) return null
    await this.#evict(memberIds, 'the lock was broken')
    return owner === null ? stranger : holderOf(owner)
  }

  async #look(patienceMs: number): Promise<Look> {
    const { groupId } = this.#group
    const { response, error } = await this.#group.ask(
      describeGroups,
      { groups: [groupId] },
      ({ groups }) => groups[0]?.errorCode ?? 0,
      { patienceMs },
    )
    if (error === 'GROUP_ID_NOT_FOUND') return NOBODY
    if (error !== 'NONE') throw lockRefused(groupId, error)
    return lookAt(response.groups[0])
  }

  async #evict(memberIds: readonly string[], reason: string): Promise<void> {
    const { groupId } = this.#group
    const members = memberIds.map((memberId) => ({ memberId, reason }))
    const options = { patienceMs: LOOK_PATIENCE_MS }
    await this.#group.ask(leaveGroup, { groupId, members }, ({ errorCode }) => errorCode, options)
  }
}

interface Look {
  readonly owner: OwnedLock | null
  /** False while the group is between two generations. */
  readonly isSettled: boolean
  /** A member of whom no more is known than where it is; null without members. */
  readonly stranger: LockHolder | null
  readonly memberIds: readonly string[]
}

const NOBODY: Look = { owner: null, isSettled: true, stranger: null, memberIds: [] }

function lookAt(group: DescribedGroup | undefined): Look {
  const [first] = group?.members ?? []
  if (group === undefined || first === undefined) return NOBODY
  const owners = group.members.map(({ memberAssignment }) => decodeOwner(memberAssignment))
  const owner = owners.find((found) => found !== null) ?? null
  const memberIds = group.members.map(({ memberId }) => memberId)
  const stranger: LockHolder = {
    user: 'somebody',
    host: first.clientHost.replace(/^\//, ''),
    pid: 0,
    since: 'just now',
    what: `member ${first.memberId} of group ${group.groupId}`,
  }
  // One that has left is no owner, whatever it told the others.
  const isThere = owner !== null && memberIds.includes(owner.owner)
  return {
    owner: isThere ? owner : null,
    isSettled: group.groupState === 'Stable' || group.groupState === 'Empty',
    stranger,
    memberIds,
  }
}
