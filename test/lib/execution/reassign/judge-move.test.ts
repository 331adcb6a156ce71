import { describe, expect, it } from 'vitest'

import { judgeMove, type PartitionView } from '../../../../src/lib/execution/reassign/judge-move.js'
import { judgeUndo, type UndoVerdict } from '../../../../src/lib/execution/reassign/judge-undo.js'
import { makeMove } from './builders.js'

const move = makeMove(0, [1, 2], [3, 2])
const view = (more: Partial<PartitionView>): PartitionView => ({
  topicId: 'orders-id',
  replicas: [1, 2],
  isr: [1, 2],
  leader: 1,
  inFlight: null,
  ...more,
})
const arrived = view({ replicas: [3, 2], isr: [2, 3], leader: 3 })

describe('a move is judged by what the cluster shows', () => {
  it('is done only when all of the target are in sync and its first leads', () => {
    expect(judgeMove(move, 'copying', arrived, 0).kind).toBe('done')
    expect(judgeMove(move, 'copying', { ...arrived, leader: 2 }, 0).kind).toBe('elect')
    expect(judgeMove(move, 'copying', { ...arrived, isr: [2] }, 0).kind).toBe('wait')
  })

  it('is not done when the same replicas stand in another order', () => {
    const other = view({ replicas: [2, 3], isr: [2, 3], leader: 2 })
    expect(judgeMove(move, 'copying', other, 60_000).kind).toBe('foreign')
  })

  it('is sent when nothing was done yet, and again when its answer was lost and nothing happened', () => {
    expect(judgeMove(move, 'planned', view({}), null).kind).toBe('submit')
    for (const status of ['intent', 'unknown'] as const) {
      expect(judgeMove(move, status, view({}), 0).kind).toBe('submit')
    }
  })

  it('waits until no late request of an earlier step of its partition can arrive', () => {
    expect(judgeMove(move, 'planned', view({}), 500).kind).toBe('wait')
    expect(judgeMove(move, 'planned', view({ replicas: [1, 4] }), 500).kind).toBe('wait')
    expect(judgeMove(move, 'planned', view({}), 60_000).kind).toBe('submit')
    expect(judgeMove(move, 'planned', view({ replicas: [1, 4] }), 60_000).kind).toBe('foreign')
  })

  it('elects nobody where another than the first goes on leading, and tells at the end when it does not', () => {
    const keeping = { ...makeMove(0, [2, 1], [1, 2]), leader: 2 }
    const ordered = view({ replicas: [1, 2], leader: 2 })
    expect(judgeMove(keeping, 'submitted', ordered, 0).kind).toBe('done')
    expect(judgeMove(keeping, 'submitted', { ...ordered, leader: 1 }, 500).kind).toBe('wait')
    expect(judgeMove(keeping, 'submitted', { ...ordered, leader: 1 }, 60_000).kind).toBe('done')
  })

  it('is waited for while it is in flight to our target, also when its answer was lost', () => {
    const inFlight = { replicas: [3, 2, 1] }
    expect(judgeMove(move, 'unknown', view({ replicas: [3, 2, 1], inFlight }), 0).kind).toBe('wait')
  })

  it('is not taken for cancelled before brokers had time to hear of it', () => {
    expect(judgeMove(move, 'submitted', view({}), 500).kind).toBe('wait')
    expect(judgeMove(move, 'submitted', view({}), 60_000)).toMatchObject({
      kind: 'foreign',
      reason: { code: 'CANCELLED_BY_OTHERS' },
    })
  })

  it('is waited for while a broker that is behind the controller still shows both lists as one', () => {
    const behind = view({ replicas: [3, 2, 1], isr: [1, 2, 3] })
    expect(judgeMove(move, 'copying', behind, 60_000).kind).toBe('wait')
    expect(judgeMove(move, 'copying', view({ replicas: [3, 2, 4] }), 60_000).kind).toBe('foreign')
  })

  it('belongs to somebody else when it is in flight to another target', () => {
    const inFlight = { replicas: [4, 2, 1] }
    const elsewhere = view({ replicas: [4, 2, 1], inFlight })
    expect(judgeMove(move, 'copying', elsewhere, 0)).toMatchObject({
      kind: 'foreign',
      reason: { code: 'CHANGED_BY_OTHERS' },
    })
  })

  it('is given up when its topic was deleted, or made again under the same name', () => {
    expect(judgeMove(move, 'copying', null, 0)).toMatchObject({ reason: { code: 'TOPIC_DELETED' } })
    const other = view({ topicId: 'another' })
    expect(judgeMove(move, 'planned', other, null)).toMatchObject({
      reason: { code: 'TOPIC_RECREATED' },
    })
  })
})

describe('taking a move back', () => {
  const undo = (
    seen: PartitionView,
    sinceSentMs: number | null,
    minIsr: number | null = 1,
    live: readonly number[] = [1, 2, 3],
  ): UndoVerdict => {
    const facts = { sinceSentMs, sinceChangeMs: 0, minIsr, liveBrokers: new Set(live) }
    return judgeUndo(move, seen, facts)
  }

  const inFlight = { replicas: [3, 2, 1] }
  const copying = view({ replicas: [3, 2, 1], inFlight })

  it('submits the original list, waits for it, and is over when it stands there in order', () => {
    expect(undo(copying, null)).toBe('submit')
    const back = view({ replicas: [1, 2, 3], inFlight: { replicas: [1, 2, 3] } })
    expect(undo(back, 100)).toBe('wait')
    expect(undo(view({}), 100)).toBe('undone')
  })

  it('leaves a move done that ended first', () => {
    expect(undo(arrived, null)).toBe('finished')
    expect(undo(arrived, 100)).toBe('wait')
    expect(undo(arrived, 60_000)).toBe('finished')
  })

  it('sends nothing while only new replicas are in sync: with ZooKeeper they would be dropped at once', () => {
    expect(undo({ ...copying, isr: [3], leader: 3 }, null)).toBe('unsafe')
    expect(undo({ ...copying, isr: [3, 2], leader: 3 }, null)).toBe('submit')
    expect(undo({ ...copying, isr: [], leader: null }, null)).toBe('unsafe')
  })

  it('asks for the min ISR in live originals before a new replica in sync may go', () => {
    const both = { ...copying, isr: [3, 2], leader: 3 }
    expect(undo(both, null, 2)).toBe('unsafe')
    expect(undo({ ...both, isr: [1, 2, 3] }, null, 2)).toBe('submit')
    expect(undo({ ...both, isr: [1, 2, 3] }, null, 2, [2, 3])).toBe('unsafe')
    expect(undo({ ...both, isr: [3, 2] }, null, 1, [1, 3])).toBe('unsafe')
  })

  it('asks for all originals where the min ISR is unknown, and for one where nothing in sync is dropped', () => {
    expect(undo({ ...copying, isr: [3, 2], leader: 3 }, null, null)).toBe('unsafe')
    expect(undo({ ...copying, isr: [2], leader: 2 }, null, null)).toBe('submit')
    expect(undo({ ...copying, isr: [2], leader: 2 }, null, 2)).toBe('submit')
  })

  it('elects the leader of a move that ended first, where it can lead', () => {
    const led = { ...arrived, leader: 2 }
    expect(undo(led, null)).toBe('elect')
    expect(undo(led, null, 1, [1, 2])).toBe('finished')
    expect(undo({ ...led, isr: [2] }, null)).toBe('finished')
  })

  it('leaves alone what somebody else has moved elsewhere, in flight or done', () => {
    const elsewhere = { replicas: [4, 2, 1] }
    expect(undo(view({ replicas: [4, 2, 1], inFlight: elsewhere }), null)).toBe('foreign')
    expect(undo(view({ replicas: [4, 5] }), null)).toBe('foreign')
    expect(undo(view({ replicas: [4, 5] }), 60_000)).toBe('foreign')
  })

  it('does not turn a move around that ended a moment ago and still shows both lists', () => {
    expect(undo(view({ replicas: [3, 2, 1] }), null)).toBe('wait')
  })

  it('does not take both lists together for one of them, before a broker that is behind has heard of the end', () => {
    const liveBrokers = new Set([1, 2, 3])
    const fewer = makeMove(0, [1, 2, 3], [1, 2])
    const more = makeMove(0, [1, 2], [1, 2, 3])
    const judge = (which: typeof move, replicas: readonly number[], sinceChangeMs: number) => {
      const facts = { sinceSentMs: null, sinceChangeMs, liveBrokers, minIsr: 1 }
      return judgeUndo(which, view({ replicas, isr: replicas }), facts)
    }
    expect(judge(fewer, [1, 2, 3], 500)).toBe('wait')
    expect(judge(fewer, [1, 2, 3], 60_000)).toBe('undone')
    expect(judge(fewer, [1, 2], 500)).toBe('finished')
    expect(judge(more, [1, 2, 3], 500)).toBe('wait')
    expect(judge(more, [1, 2, 3], 60_000)).toBe('finished')
    expect(judge(more, [1, 2], 500)).toBe('undone')
    const reordered = makeMove(0, [1, 2], [2, 1])
    expect(judge(reordered, [1, 2], 500)).toBe('undone')
  })

  it('brings back the order when somebody else has cancelled', () => {
    expect(undo(view({ replicas: [2, 1] }), null)).toBe('submit')
  })
})
