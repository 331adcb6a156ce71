import type { ClusterView } from './cluster-view.js'
import { Writer } from '../wire.js'

const API = {
  findCoordinator: { key: 10, version: 0, name: 'FindCoordinator' },
  joinGroup: { key: 11, version: 2, name: 'JoinGroup' },
  heartbeat: { key: 12, version: 1, name: 'Heartbeat' },
  leaveGroup: { key: 13, version: 0, name: 'LeaveGroup' },
  syncGroup: { key: 14, version: 1, name: 'SyncGroup' },
  offsetCommit: { key: 8, version: 2, name: 'OffsetCommit' },
} as const
const SESSION_TIMEOUT_MS = 30_000
const UNKNOWN_MEMBER_ID = 25
/** Illegal generation, unknown member, rebalance in progress. */
const MUST_REJOIN = [22, UNKNOWN_MEMBER_ID, 27]

/** Positions to commit, by partition. */
export type Positions = ReadonlyMap<number, number>

/** The only member of a consumer group on one topic: it is its leader and has every partition. */
export class GroupMember {
  readonly #view: ClusterView
  readonly #group: string
  readonly #topic: string
  readonly #partitions: readonly number[]
  #coordinator = -1
  #memberId = ''
  #generation = -1

  constructor(view: ClusterView, group: string, topic: string, partitions: readonly number[]) {
    this.#view = view
    this.#group = group
    this.#topic = topic
    this.#partitions = partitions
  }

  /** Joins when it is not a member (any more), otherwise sends a heartbeat. */
  async keepAlive(): Promise<void> {
    if (this.#generation < 0) {
      await this.#join()
      return
    }
    const body = this.#identity().result()
    const answer = await this.#ask(API.heartbeat, body)
    answer.int32()
    this.#check(answer.int16(), 'Heartbeat')
  }

  async commit(positions: Positions): Promise<void> {
    const body = this.#identity().int64(-1)
    body.array([this.#topic], (topic) => {
      body.string(topic)
      body.array([...positions], ([partition, offset]) =>
        body.int32(partition).int64(offset).string(null),
      )
    })
    const answer = await this.#ask(API.offsetCommit, body.result())
    const errors = answer.array(() => {
      answer.string()
      return answer.array(() => {
        answer.int32()
        return answer.int16()
      })
    })
    for (const error of errors.flat()) this.#check(error, 'OffsetCommit')
  }

  async leave(): Promise<void> {
    if (this.#generation < 0) return
    const body = new Writer().string(this.#group).string(this.#memberId)
    await this.#ask(API.leaveGroup, body.result())
    this.#generation = -1
  }

  #identity(): Writer {
    return new Writer().string(this.#group).int32(this.#generation).string(this.#memberId)
  }

  async #ask(api: { key: number; version: number; name: string }, body: Buffer) {
    try {
      if (this.#coordinator < 0) await this.#find()
      return await (await this.#view.wire(this.#coordinator)).request(api, body, 10_000)
    } catch (error) {
      // The membership outlives its coordinator: joining anew would wait for the old member to time out.
      if (this.#coordinator >= 0) this.#view.drop(this.#coordinator)
      this.#coordinator = -1
      throw error
    }
  }

  async #find(): Promise<void> {
    const body = new Writer().string(this.#group).result()
    let reason: unknown = new Error('no broker named a coordinator')
    for (const id of this.#view.brokerIds) {
      try {
        const answer = await (await this.#view.wire(id)).request(API.findCoordinator, body)
        const error = answer.int16()
        if (error !== 0) continue
        this.#coordinator = answer.int32()
        return
      } catch (error) {
        this.#view.drop(id)
        reason = error
      }
    }
    throw reason
  }

  async #join(): Promise<void> {
    const subscription = new Writer().int16(0)
    subscription.array([this.#topic], (topic) => subscription.string(topic)).int32(-1)
    const body = new Writer().string(this.#group).int32(SESSION_TIMEOUT_MS)
    body.int32(SESSION_TIMEOUT_MS).string(this.#memberId).string('consumer')
    body.array(['range'], (name) => body.string(name).bytes(subscription.result()))
    const answer = await this.#ask(API.joinGroup, body.result())
    answer.int32()
    this.#check(answer.int16(), 'JoinGroup')
    this.#generation = answer.int32()
    answer.string()
    answer.string()
    this.#memberId = answer.string() ?? ''
    await this.#sync()
  }

  async #sync(): Promise<void> {
    const assignment = new Writer().int16(0)
    assignment.array([this.#topic], (topic) => {
      assignment.string(topic).array(this.#partitions, (partition) => assignment.int32(partition))
    })
    const body = this.#identity()
    body.array([this.#memberId], (member) =>
      body.string(member).bytes(assignment.int32(-1).result()),
    )
    const answer = await this.#ask(API.syncGroup, body.result())
    answer.int32()
    this.#check(answer.int16(), 'SyncGroup')
  }

  #check(error: number, what: string): void {
    if (error === 0) return
    if (error === UNKNOWN_MEMBER_ID) this.#memberId = ''
    if (MUST_REJOIN.includes(error)) this.#generation = -1
    else this.#coordinator = -1
    throw new Error(`${what} of ${this.#group}: error ${error}`)
  }
}
