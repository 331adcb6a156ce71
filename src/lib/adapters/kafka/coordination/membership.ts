import { joinGroup, type JoinGroupResponse } from '../protocol/apis/join-group.js'
import { heartbeat } from '../protocol/apis/heartbeat.js'
import { leaveGroup } from '../protocol/apis/leave-group.js'
import { syncGroup } from '../protocol/apis/sync-group.js'
import type { GroupCoordinator } from './group-coordinator.js'
import { decodeOwner, encodeDocument, type LockDocument, type OwnedLock } from './lock-document.js'
import { lockRefused } from './lock-errors.js'

/** A holder that is silent for this long has lost the lock. */
export const SESSION_TIMEOUT_MS = 15_000
/** Joining waits for the group's initial delay, or until a member that hangs is given up. */
const JOIN_TIMEOUT_MS = SESSION_TIMEOUT_MS + 10_000
const PATIENCE_MS = 20_000
const MAX_ROUNDS = 8

const PROTOCOL_TYPE = 'klinic'
const PROTOCOL = 'lock-1'

/** What came of joining: the lock is ours, somebody else's, or this membership is over. */
export type Joined =
  | { readonly kind: 'owner' }
  | { readonly kind: 'refused'; readonly owner: OwnedLock | null }
  | { readonly kind: 'gone'; readonly why: string }

/**
 * One member of the lock's group. Whoever leads the group has the lock: Kafka makes the first member its leader, keeps it
 * through every rebalance that it takes part in, and gives the lead away only when that member left or was silent for too
 * long. So a second one that joins and finds another leader has lost, and leaves; and a leader that still leads after a
 * rebalance has had the lock all the time.
 */
export class Membership {
  readonly #group: GroupCoordinator
  readonly #document: LockDocument
  #memberId = ''
  #generationId = -1

  constructor(group: GroupCoordinator, document: LockDocument) {
    this.#group = group
    this.#document = document
  }

  /** The generation of the group in which the lock was last seen to be ours. */
  get generationId(): number {
    return this.#generationId
  }

  /** Joins, or joins again after a rebalance. Throws OperatorErrors of the coordinator. */
  async join(): Promise<Joined> {
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const { response, error } = await this.#askToJoin()
      if (error === 'MEMBER_ID_REQUIRED') {
        this.#memberId = response.memberId
        continue
      }
      if (error === 'REBALANCE_IN_PROGRESS') continue
      if (error === 'GROUP_MAX_SIZE_REACHED') return { kind: 'refused', owner: null }
      if (isGone(error)) return { kind: 'gone', why: error }
      if (error !== 'NONE') throw lockRefused(this.#group.groupId, error)
      this.#memberId = response.memberId
      const settled = await this.#sync(response)
      if (settled !== null) return settled
    }
    throw lockRefused(this.#group.groupId, 'REBALANCE_IN_PROGRESS')
  }

  /** One heartbeat: Kafka's name of what it says. */
  async beat(patienceMs: number): Promise<string> {
    const { groupId } = this.#group
    const request = { groupId, generationId: this.#generationId, memberId: this.#memberId }
    const codeOf = ({ errorCode }: { readonly errorCode: number }): number => errorCode
    const { error } = await this.#group.ask(heartbeat, request, codeOf, { patienceMs })
    return error
  }

  /** Leaves the group, so that the next one need not wait. */
  async leave(patienceMs: number): Promise<void> {
    if (this.#memberId === '') return
    const members = [{ memberId: this.#memberId, reason: 'released' }]
    const request = { groupId: this.#group.groupId, members }
    await this.#group.ask(leaveGroup, request, ({ errorCode }) => errorCode, { patienceMs })
  }

  #askToJoin(): Promise<{ readonly response: JoinGroupResponse; readonly error: string }> {
    const metadata = encodeDocument(this.#document)
    return this.#group.ask(
      joinGroup,
      {
        groupId: this.#group.groupId,
        sessionTimeoutMs: SESSION_TIMEOUT_MS,
        rebalanceTimeoutMs: SESSION_TIMEOUT_MS,
        memberId: this.#memberId,
        protocolType: PROTOCOL_TYPE,
        protocols: [{ name: PROTOCOL, metadata }],
      },
      ({ errorCode }) => errorCode,
      { patienceMs: PATIENCE_MS, timeoutMs: JOIN_TIMEOUT_MS },
    )
  }

  /** Null when another rebalance came in between. The leader tells everybody who it is; the others hear it and go. */
  async #sync({ generationId, leader, members }: JoinGroupResponse): Promise<Joined | null> {
    const isOwner = leader === this.#memberId
    const owned = encodeDocument({ ...this.#document, owner: this.#memberId })
    const assignments = members.map(({ memberId }) => ({ memberId, assignment: owned }))
    const { response, error } = await this.#group.ask(
      syncGroup,
      {
        groupId: this.#group.groupId,
        generationId,
        memberId: this.#memberId,
        protocolType: PROTOCOL_TYPE,
        protocolName: PROTOCOL,
        assignments: isOwner ? assignments : [],
      },
      ({ errorCode }) => errorCode,
      { patienceMs: PATIENCE_MS, timeoutMs: JOIN_TIMEOUT_MS },
    )
    if (error === 'REBALANCE_IN_PROGRESS' || error === 'ILLEGAL_GENERATION') return null
    if (isGone(error)) return { kind: 'gone', why: error }
    if (error !== 'NONE') throw lockRefused(this.#group.groupId, error)
    this.#generationId = generationId
    if (isOwner) return { kind: 'owner' }
    return { kind: 'refused', owner: decodeOwner(response.assignment) }
  }
}

/** Kafka no longer knows this member: others may have had the lock since. */
export const isGone = (error: string): boolean =>
  error === 'UNKNOWN_MEMBER_ID' || error === 'FENCED_INSTANCE_ID'
