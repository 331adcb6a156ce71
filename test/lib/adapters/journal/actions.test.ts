import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ActionAssembler } from '../../../../src/lib/adapters/journal/actions/action-assembler.js'
import { ActionSink } from '../../../../src/lib/adapters/journal/actions/action-sink.js'
import { encodeAction } from '../../../../src/lib/adapters/journal/actions/encode-action.js'
import { openMirroredStore } from '../../../../src/lib/adapters/journal/actions/mirrored-store.js'
import { actionsOf } from '../../../../src/lib/adapters/journal/actions/to-action.js'
import { TopicHistory } from '../../../../src/lib/adapters/journal/actions/topic-history.js'
import { openJournalStore } from '../../../../src/lib/adapters/journal/open-journal-store.js'
import type { JournalRecord } from '../../../../src/lib/ports/journal.js'
import {
  at,
  CLUSTER,
  move,
  newStateDirectory,
  PLAN,
  someone,
  startedOn,
  throttle,
} from './journal-builders.js'
import { quickClock, TopicDouble } from './topic-double.js'

/** The store of one host; what it warned of, and its state directory. */
function hostStore(topic: TopicDouble, host: string, requireAudit = false) {
  const directory = newStateDirectory()
  const local = openJournalStore(directory)
  const warnings: string[] = []
  const warn = (text: string): void => void warnings.push(text)
  const ports = { createTopic: topic.createTopic, append: topic.append, clock: quickClock, warn }
  const sink = new ActionSink('klinic.actions', ports)
  const name = 'klinic.actions'
  const history = new TopicHistory({
    local,
    topic: name,
    reader: topic.reader(),
    clock: quickClock,
    warn,
  })
  const actor = someone(host)
  const store = openMirroredStore({ local, history, sink, actor, requireAudit, warn })
  return { store, local, warnings, directory }
}

async function recordsOf(
  store: ReturnType<typeof hostStore>['store'],
): Promise<readonly JournalRecord[]> {
  return (await store.read(CLUSTER, PLAN))?.records ?? []
}

describe('the actions topic', () => {
  it('gets every record of an execution, and another host reads the same journal from it', async () => {
    const topic = new TopicDouble()
    topic.exists = false
    const first = hostStore(topic, 'first')
    const journal = await first.store.create(startedOn('first'))
    await journal.append([throttle('1'), move(1), move(2)])
    await journal.append([move(1, 'done')])
    await journal.close()
    const second = hostStore(topic, 'second')
    expect(await recordsOf(second.store)).toEqual(await recordsOf(first.store))
    expect(first.warnings).toEqual([])
  })

  it('takes the start of a plan of 20,000 steps in records that a broker accepts', () => {
    const start = startedOn('first', 20_000)
    const action = actionsOf(start, someone('first'))(start, 0)
    const parts = encodeAction(action, 100_000)
    expect(parts.length).toBeGreaterThan(1)
    for (const { value } of [...parts, ...encodeAction(action)]) {
      expect(value!.length).toBeLessThan(1_000_000)
    }
    const assembler = new ActionAssembler()
    const whole = [...parts].reverse().map(({ value }) => assembler.take(value))
    expect(whole.filter((one) => one !== null)).toEqual([action])
  })

  it('is put together from pieces in any order, some of them twice', () => {
    const start = startedOn('first', 300)
    const action = actionsOf(start, someone('first'))(start, 0)
    const parts = encodeAction(action, 4_000)
    const anyOrder = fc
      .tuple(fc.shuffledSubarray([...parts], { minLength: parts.length }), fc.subarray([...parts]))
      .map(([all, again]) => [...again, ...all])
    fc.assert(
      fc.property(anyOrder, (values) => {
        const assembler = new ActionAssembler()
        const found = values.flatMap(({ value }) => assembler.take(value) ?? [])
        expect(found).toEqual([action])
      }),
      { numRuns: 50 },
    )
  })

  it('refuses to go on when a piece of the plan is missing, and says which', async () => {
    const topic = new TopicDouble()
    const start = startedOn('first', 2_000)
    const parts = encodeAction(actionsOf(start, someone('first'))(start, 0), 4_000)
    topic.records.push(...parts.slice(1))
    const second = hostStore(topic, 'second')
    await expect(second.store.read(CLUSTER, PLAN)).rejects.toMatchObject({
      code: 'JOURNAL_INCOMPLETE',
      exit: 'badData',
      message: expect.stringContaining(`1 of the ${parts.length} parts of record 0`) as string,
    })
  })

  it('refuses to go on when a record in between is missing, and says which', async () => {
    const topic = new TopicDouble()
    const toAction = actionsOf(startedOn('first'), someone('first'))
    for (const [sequence, record] of [startedOn('first'), move(1), move(2)].entries()) {
      if (sequence !== 1) topic.records.push(...encodeAction(toAction(record, sequence)))
    }
    const { store } = hostStore(topic, 'second')
    await expect(store.read(CLUSTER, PLAN)).rejects.toMatchObject({
      code: 'JOURNAL_INCOMPLETE',
      message: expect.stringContaining('record 1 of at least 3') as string,
    })
    expect((await store.list(CLUSTER))[0]?.missing).toContain('record 1')
  })

  it('does not mind records that are not ours, or newer', async () => {
    const topic = new TopicDouble()
    const first = hostStore(topic, 'first')
    const journal = await first.store.create(startedOn('first'))
    for (const text of ['', '{', '{"format":"klinic.action/2"}', '[]']) {
      topic.records.push({ key: Buffer.from(`${CLUSTER}/x`), value: Buffer.from(text) })
    }
    await journal.append([move(1)])
    await journal.close()
    expect(await recordsOf(hostStore(topic, 'second').store)).toHaveLength(2)
  })
})

describe('a topic that cannot be written', () => {
  it('is warned of once, and gets everything in order when it is back', async () => {
    const topic = new TopicDouble()
    const { store, warnings, local } = hostStore(topic, 'first')
    const journal = await store.create(startedOn('first'))
    topic.failing = 2
    for (let step = 1; step <= 3; step++) await journal.append([move(step), move(step, 'done')])
    await journal.close()
    expect(warnings.filter((text) => text.includes('cannot be written'))).toHaveLength(1)
    const stored = await local.read(CLUSTER, PLAN)
    expect(await recordsOf(hostStore(topic, 'second').store)).toEqual(stored?.records)
  })

  it('may get a record twice after a lost answer, which readers do not notice', async () => {
    const topic = new TopicDouble()
    const { store, local } = hostStore(topic, 'first')
    const journal = await store.create(startedOn('first'))
    topic.losingAnswers = 2
    await journal.append([move(1), move(2)])
    await journal.append([move(1, 'done')])
    await journal.close()
    expect(topic.records.length).toBeGreaterThan(4)
    const stored = await local.read(CLUSTER, PLAN)
    expect(await recordsOf(hostStore(topic, 'second').store)).toEqual(stored?.records)
  })

  it('costs no memory: what is beyond the bound is read from the local journal later', async () => {
    const topic = new TopicDouble()
    const { store, local } = hostStore(topic, 'first')
    const journal = await store.create(startedOn('first'))
    topic.failing = 1
    for (let round = 0; round < 12; round++) {
      await journal.append(Array.from({ length: 1_000 }, (_, index) => move(index, 'done')))
    }
    await journal.close()
    const stored = await local.read(CLUSTER, PLAN)
    expect(stored?.records).toHaveLength(12_001)
    expect(await recordsOf(hostStore(topic, 'second').store)).toEqual(stored?.records)
  })

  it('stops nothing; a later command of the host sends what it lacks', async () => {
    const topic = new TopicDouble()
    const { store, warnings, directory } = hostStore(topic, 'first')
    topic.failing = 1_000_000
    const journal = await store.create(startedOn('first'))
    await journal.append([move(1)])
    await journal.close()
    expect(warnings.at(-1)).toContain('2 records are in')
    expect(readdirSync(join(directory, 'journals', CLUSTER))).toEqual([`${PLAN}.journal`])
    topic.failing = 0
    const again = await store.reopen(CLUSTER, PLAN)
    await again.append([{ type: 'taken-up', at, verb: 'resume', actor: someone('first') }])
    await again.close()
    expect(await recordsOf(hostStore(topic, 'second').store)).toHaveLength(3)
  })
})

describe('--require-audit', () => {
  it('begins nothing when the topic does not take the start, and the plan can be executed later', async () => {
    const topic = new TopicDouble()
    topic.failing = 1_000_000
    const { store, local } = hostStore(topic, 'first', true)
    await expect(store.create(startedOn('first'))).rejects.toMatchObject({
      code: 'AUDIT_UNWRITABLE',
      exit: 'unreachable',
    })
    expect(await local.read(CLUSTER, PLAN)).toBeNull()
    topic.failing = 0
    await (await store.create(startedOn('first'))).close()
  })

  it('ends an execution that it did not begin, when its start is in the topic all the same', async () => {
    const topic = new TopicDouble()
    topic.losingAnswers = 1
    const { store, local } = hostStore(topic, 'first', true)
    await expect(store.create(startedOn('first'))).rejects.toMatchObject({
      code: 'AUDIT_UNWRITABLE',
    })
    const ended = { type: 'ended', outcome: 'cancelled' }
    expect((await local.read(CLUSTER, PLAN))?.records.at(-1)).toMatchObject(ended)
    const second = hostStore(topic, 'second')
    expect((await recordsOf(second.store)).at(-1)).toMatchObject(ended)
  })

  it('announces each change in the topic before it is made', async () => {
    const topic = new TopicDouble()
    const { store } = hostStore(topic, 'first', true)
    const journal = await store.create(startedOn('first'))
    expect(topic.records).toHaveLength(1)
    await journal.append([throttle('1')])
    expect(topic.records).toHaveLength(2)
    topic.failing = 1_000_000
    await expect(journal.append([move(1)])).rejects.toMatchObject({ code: 'AUDIT_UNWRITABLE' })
    // What was done, and what is given back, is written down all the same.
    await journal.append([move(1, 'done')])
    topic.failing = 0
    await journal.close()
    expect(topic.records).toHaveLength(4)
  })
})

describe('two hosts', () => {
  it('execute a plan once: the second is told who did', async () => {
    const topic = new TopicDouble()
    await (await hostStore(topic, 'first').store.create(startedOn('first'))).close()
    const second = hostStore(topic, 'second')
    await expect(second.store.create(startedOn('second', 3, `${PLAN}.y`))).rejects.toMatchObject({
      code: 'PLAN_ALREADY_EXECUTED',
      exit: 'stale',
      message: expect.stringContaining('ops@first') as string,
    })
  })

  it('go on with each other: the second has a journal of its own from then on', async () => {
    const topic = new TopicDouble()
    const first = hostStore(topic, 'first')
    const journal = await first.store.create(startedOn('first'))
    await journal.append([move(1)])
    await journal.close()
    const second = hostStore(topic, 'second')
    const taken = await second.store.reopen(CLUSTER, PLAN)
    await taken.append([move(1, 'done')])
    await taken.close()
    expect((await second.local.read(CLUSTER, PLAN))?.records).toHaveLength(3)
    // And the first one, when it comes back, knows what the second did.
    expect(await recordsOf(first.store)).toHaveLength(3)
    await (await first.store.reopen(CLUSTER, PLAN)).close()
    expect((await first.local.read(CLUSTER, PLAN))?.records).toHaveLength(3)
  })

  it('that parted: what the second did counts, and throttles of the first are not forgotten', async () => {
    const topic = new TopicDouble()
    const first = hostStore(topic, 'first')
    const journal = await first.store.create(startedOn('first'))
    await journal.append([move(1)])
    topic.failing = 1_000_000
    await journal.append([throttle('7'), move(2)])
    await journal.close()
    topic.failing = 0
    const second = hostStore(topic, 'second')
    const taken = await second.store.reopen(CLUSTER, PLAN)
    await taken.append([move(1, 'done')])
    await taken.close()
    const again = await first.store.reopen(CLUSTER, PLAN)
    await again.close()
    const records = (await first.local.read(CLUSTER, PLAN))?.records ?? []
    expect(records.slice(1)).toEqual([move(1), move(1, 'done'), throttle('7')])
    const names = readdirSync(join(first.directory, 'journals', CLUSTER))
    expect(names).toContain(`${PLAN}.journal.superseded-1`)
    expect(await recordsOf(hostStore(topic, 'third').store)).toEqual(records)
  })

  it('see the executions of each other', async () => {
    const topic = new TopicDouble()
    await (await hostStore(topic, 'first').store.create(startedOn('first'))).close()
    const [found] = await hostStore(topic, 'second').store.list(CLUSTER)
    expect(found?.path).toBe('topic klinic.actions')
    expect(found?.records[0]).toMatchObject({ actor: { host: 'first' } })
  })

  it('that lost its state directory goes on from the topic', async () => {
    const topic = new TopicDouble()
    const first = hostStore(topic, 'first')
    await (await first.store.create(startedOn('first'))).close()
    rmSync(first.directory, { recursive: true })
    expect(await recordsOf(first.store)).toHaveLength(1)
  })
})

describe('notes', () => {
  it('are kept locally and in the topic, and damage to one does not touch the others', async () => {
    const topic = new TopicDouble()
    const { store, local } = hostStore(topic, 'first')
    const note = {
      type: 'note',
      at,
      what: 'maintenance start',
      subject: 'broker 4',
      actor: someone('first'),
      message: 'new disk',
      outcome: 'done',
    } as const
    await store.note(CLUSTER, note)
    await store.note(CLUSTER, { ...note, what: 'maintenance stop' })
    expect((await local.notes(CLUSTER)).map(({ what }) => what)).toEqual([
      'maintenance start',
      'maintenance stop',
    ])
    const seen = topic.records.map(({ value }) => new ActionAssembler().take(value))
    expect(seen.map((action) => [action?.kind, action?.subject])).toEqual([
      ['note', 'broker 4'],
      ['note', 'broker 4'],
    ])
  })
})
