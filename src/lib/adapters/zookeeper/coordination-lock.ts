import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import * as z from 'zod'

import { OperatorError } from '../../errors/operator-error.js'
import type { HeldLock, ProcessWitness } from '../../ports/coordination.js'
import type { LockHolder } from '../../ports/journal.js'
import {
  createNode,
  ensurePath,
  readNode,
  removeNode,
  type CoordinationNode,
} from './coordination-nodes.js'
import type { ZooKeeperSession } from './session.js'

const schema = z.object({
  user: z.string(),
  host: z.string(),
  pid: z.number().int(),
  since: z.string(),
  what: z.string(),
  witness: z.string(),
  /** Tells our node from another of the same holder, when the answer to its making was lost. */
  nonce: z.string(),
})
type Document = z.infer<typeof schema>

const MAX_TRIES = 4
const PROOF_TRIES = 3
const PROOF_PAUSE_MS = 500

/** The lock of a cluster as an ephemeral node, which goes with the session of whoever made it. */
export class NodeLock {
  readonly #session: ZooKeeperSession
  readonly #parent: string
  readonly #path: string
  readonly #witness: ProcessWitness

  constructor(session: ZooKeeperSession, parent: string, witness: ProcessWitness) {
    this.#session = session
    this.#parent = parent
    this.#path = `${parent}/lock`
    this.#witness = witness
  }

  /** Null when nobody alive has it. */
  async holder(): Promise<LockHolder | null> {
    const node = await readNode(this.#session, this.#path)
    if (node === null) return null
    const document = parse(node)
    const isGone = document !== null && (await this.#witness.isGone(document.witness))
    return isGone ? null : holderOf(node)
  }

  /** Takes the lock, or says who has it: ZooKeeper makes one node of a path, whoever asks. */
  async take(holder: LockHolder): Promise<LockHolder | HeldLock> {
    const mine: Document = { ...holder, witness: this.#witness.mine, nonce: randomUUID() }
    await ensurePath(this.#session, this.#parent)
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      await createNode(this.#session, this.#path, Buffer.from(JSON.stringify(mine)), true)
      const node = await readNode(this.#session, this.#path)
      if (node === null) continue
      const found = parse(node)
      if (found?.nonce === mine.nonce) return this.#hold(node.madeBy)
      const isGone = found !== null && (await this.#witness.isGone(found.witness))
      if (!isGone) return holderOf(node)
      await removeNode(this.#session, this.#path)
    }
    throw lockLost('it changes hands all the time')
  }

  /** Removes the node; returns whose it was. */
  async break(): Promise<LockHolder | null> {
    const node = await readNode(this.#session, this.#path)
    if (node === null) return null
    await removeNode(this.#session, this.#path)
    return holderOf(node)
  }

  #hold(madeBy: string): HeldLock {
    return {
      fence: `zxid ${madeBy}`,
      prove: () => this.#prove(madeBy),
      release: async () => {
        await this.#prove(madeBy)
          .then(() => removeNode(this.#session, this.#path))
          .catch(() => undefined)
      },
    }
  }

  /** A session that was lost cannot be taken up again, and neither can its lock: no answer is an end, too. */
  async #prove(madeBy: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        const node = await readNode(this.#session, this.#path)
        if (node?.madeBy === madeBy) return
        const owner = node === null ? null : holderOf(node)
        throw lockLost(owner === null ? 'its node is gone' : `${owner.user}@${owner.host} has it`)
      } catch (error) {
        const mayPass = error instanceof OperatorError && error.exit === 'unreachable'
        if (!mayPass) throw error
        if (tries >= PROOF_TRIES) throw lockLost(error.message, error)
        await sleep(PROOF_PAUSE_MS)
      }
    }
  }
}

function parse({ data }: CoordinationNode): Document | null {
  try {
    return schema.parse(JSON.parse(data.toString('utf8')))
  } catch {
    return null
  }
}

function holderOf(node: CoordinationNode): LockHolder {
  const document = parse(node)
  if (document === null) {
    const since = new Date(node.changedAtMs).toISOString()
    return { user: 'somebody', host: 'somewhere', pid: 0, since, what: 'unknown' }
  }
  const { user, host, pid, since, what } = document
  return { user, host, pid, since, what }
}

function lockLost(why: string, cause?: unknown): OperatorError {
  return new OperatorError({
    code: 'LOCK_LOST',
    message: `The lock of the cluster is no longer ours (${why}), so nothing more was changed.`,
    nextSteps: ['klinic lock show', 'klinic reassign status'],
    exit: 'stoppedHalfWay',
    cause,
  })
}
