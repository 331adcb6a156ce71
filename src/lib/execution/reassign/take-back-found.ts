import { createHash } from 'node:crypto'

import type { Actor } from '../../plan/actor.js'
import { formatPlan } from '../../plan/format-plan.js'
import { planFoundMoves } from '../../plan/plan-found-moves.js'
import type { Plan } from '../../plan/plan.js'
import type { MoveInFlight, ReassignStatus } from '../../plan/reassign-status.js'
import { sameList } from '../../plan/step-lists.js'
import type { JournalStore, MoveRecord, StartedRecord } from '../../ports/journal.js'
import type { ClusterHold } from '../lock/hold-cluster.js'
import { provingWriter } from '../lock/proving-writer.js'
import { takeBackUnderWay } from './cancel.js'
import { closing } from './execute.js'
import { foldJournal } from './execution-state.js'
import { judgeUndo, whyUnsafe } from './judge-undo.js'
import { movesOf, type Move } from './moves.js'
import { observe, type Observation } from './observe.js'
import { orderedTopics } from './ordered-topics.js'
import { readMinIsr } from './read-min-isr.js'
import type { RunPorts, RunSettings } from './run-types.js'
import { concludeSession, openSession } from './session.js'

/** What {@link takeBackFound} works with; the lock is held. */
export interface TakeBackInput {
  readonly found: Pick<ReassignStatus, 'clusterId' | 'at'> & {
    /** Moves in flight that no journal explains, as they were shown and confirmed. */
    readonly moves: readonly MoveInFlight[]
  }
  readonly actor: Actor
  readonly store: Pick<JournalStore, 'create'>
  readonly ports: Omit<RunPorts, 'journal'>
  readonly hold: ClusterHold
  readonly settings: RunSettings
}

/** What came of it, by `topic-partition`. */
export interface TakenBack {
  readonly undone: readonly string[]
  /** Left as they are, a sentence each: taking them back could lose data, or Kafka or somebody else would not have it. */
  readonly left: readonly string[]
}

/**
 * Ends moves that a tool left behind: each by the list of its original replicas, never null, by the same rules as a cancel of
 * our own moves, and written to a journal before it is sent. What is not safe is not begun. After a kill `reassign cancel`
 * goes on with it.
 */
export async function takeBackFound(input: TakeBackInput): Promise<TakenBack> {
  const { found, ports } = input
  const { safe, left } = await sortOut(movesOf(planFoundMoves(found, found.moves)), ports)
  if (safe.length === 0) return { undone: [], left }
  const wanted = new Set(safe.map(({ key }) => key))
  const plan = planFoundMoves(
    found,
    found.moves.filter(({ partition }) => wanted.has(partition)),
  )
  const begun = await takeBack(plan, input)
  return { undone: begun.undone, left: [...left, ...begun.left] }
}

/** What may be taken back as the cluster is now, and why the rest may not. What has ended meanwhile is neither. */
async function sortOut(
  moves: readonly Move[],
  { reader }: Pick<RunPorts, 'reader'>,
): Promise<{ readonly safe: readonly Move[]; readonly left: readonly string[] }> {
  const topics = orderedTopics(moves)
  const minIsr = await readMinIsr(reader, topics)
  const seen = await observe(reader, topics)
  const safe: Move[] = []
  const left: string[] = []
  for (const move of moves) {
    if (!seen.inFlight.has(move.key)) continue
    const why = whyNot(move, seen, minIsr.get(move.topic) ?? null)
    if (why === null) safe.push(move)
    else left.push(why)
  }
  return { safe, left }
}

function whyNot(
  move: Move,
  { views, inFlight, liveBrokers }: Observation,
  minIsr: number | null,
): string | null {
  const view = views.get(move.key)
  const now = inFlight.get(move.key)
  if (view === undefined || now === undefined) return `${move.key} cannot be seen now`
  const originals = now.replicas.filter((id) => !now.adding.includes(id))
  if (!sameList(originals, move.from)) return `somebody has changed where ${move.key} goes`
  const facts = { sinceSentMs: null, sinceChangeMs: 0, liveBrokers, minIsr }
  const verdict = judgeUndo(move, view, facts)
  if (verdict === 'submit') return null
  if (verdict === 'unsafe') return whyUnsafe(move, view, facts)
  return `somebody has changed where ${move.key} goes`
}

async function takeBack(
  plan: Plan,
  { store, actor, ports, hold, settings }: TakeBackInput,
): Promise<TakenBack> {
  const nowMs = ports.clock.nowMs()
  const at = new Date(nowMs).toISOString()
  const started: StartedRecord = {
    type: 'started',
    format: 'klinic.journal/1',
    at,
    executionId: `${plan.id}.${nowMs.toString(36)}`,
    planSha256: createHash('sha256').update(formatPlan(plan)).digest('hex'),
    plan,
    actor,
    options: { takesBack: true, lock: hold.fence ?? 'this host only' },
  }
  const moves = movesOf(plan)
  const records = moves.map(({ step }): MoveRecord => ({
    type: 'move',
    at,
    step,
    state: 'submitted',
  }))
  const journal = await store.create(started)
  return closing(journal, async () => {
    await journal.append(records)
    const state = foldJournal([started, ...records])
    if (state === null) throw new TypeError('a journal begins with its start')
    const session = openSession({
      ports: { ...ports, writer: provingWriter(ports.writer, hold), journal },
      settings: { ...settings, throttleBytesPerSec: null, autoThrottle: undefined },
      ...{ state, moves, internalTopics: new Set<string>(), rollbackFile: null },
    })
    const { ledger } = session
    await concludeSession(session, async () => {
      const end = await takeBackUnderWay(session)
      // They are not ours: one that stays must not look like an execution that somebody has to go on with.
      const reason = { code: 'LEFT_IN_FLIGHT', text: end.message }
      await ledger.mark(ledger.underWay(), 'skipped', reason)
      return { ...end, outcome: 'cancelled' }
    })
    const named = (move: Move): string => `${move.key}: ${ledger.reasonOf(move)?.text ?? 'left'}`
    return {
      undone: moves.filter((m) => ledger.statusOf(m) === 'undone').map(({ key }) => key),
      left: moves.filter((m) => ledger.statusOf(m) === 'skipped').map(named),
    }
  })
}
