import { setTimeout as sleep } from 'node:timers/promises'

import { expect, it } from 'vitest'

import { askInTurn } from '../../../../../src/lib/adapters/kafka/pool/ask-in-turn.js'
import type { LinkTarget } from '../../../../../src/lib/adapters/kafka/pool/broker-links.js'
import { BrokerRequestError } from '../../../../../src/lib/adapters/kafka/pool/broker-request-error.js'
import { errorsOf } from '../../../../../src/lib/adapters/kafka/pool/failures.js'

const TIMEOUT_MS = 1_200

const brokers = (count: number): LinkTarget[] =>
  Array.from({ length: count }, (_, index) => ({
    address: { host: `b${index + 1}`, port: 9092 },
    subject: `b${index + 1}`,
  }))

const failure = (code: string, sent: boolean): BrokerRequestError =>
  new BrokerRequestError({ code, message: code, sent })

/** Asks them all; `asked` gets the names in the order in which a request was sent. */
async function ask(
  count: number,
  by: {
    readonly open?: (name: string) => Promise<unknown>
    readonly ask: (name: string) => Promise<string>
  },
): Promise<{ asked: string[]; answer: string | readonly unknown[] }> {
  const asked: string[] = []
  const answer: string | readonly unknown[] = await askInTurn(brokers(count), {
    open: ({ subject }) => by.open?.(subject) ?? Promise.resolve(),
    ask: ({ subject }) => {
      asked.push(subject)
      return by.ask(subject)
    },
    requestTimeoutMs: TIMEOUT_MS,
  }).catch((error: unknown) => errorsOf(error))
  return { asked, answer }
}

const timesOut = (): Promise<never> =>
  sleep(TIMEOUT_MS).then(() => Promise.reject(failure('TIMED_OUT', true)))

it('asks nobody but the first when that one answers', async () => {
  expect(await ask(5, { ask: (name) => sleep(20, name) })).toEqual({ asked: ['b1'], answer: 'b1' })
})

it('asks no fourth broker when three have been silent', async () => {
  const { asked, answer } = await ask(9, { ask: timesOut })
  expect(asked).toEqual(['b1', 'b2', 'b3'])
  expect(answer).toHaveLength(3)
})

it('goes on at once behind one whose connection breaks, however many they are', async () => {
  const startedMs = performance.now()
  const { answer } = await ask(9, {
    ask: (name) =>
      name === 'b9' ? Promise.resolve(name) : Promise.reject(failure('UNREACHABLE', true)),
  })
  expect(answer).toBe('b9')
  expect(performance.now() - startedMs).toBeLessThan(1_000)
})

it.each([
  ['passes over all that are out of reach, and asks who can be connected to', 'UNREACHABLE', 'b8'],
  ['gives up when three do not let it in', 'NOT_AUTHORISED', null],
])('%s', async (_what, code, wanted) => {
  const { asked, answer } = await ask(9, {
    open: (name) => (name === 'b8' ? Promise.resolve() : Promise.reject(failure(code, false))),
    ask: (name) => Promise.resolve(name),
  })
  expect(asked).toEqual(wanted === null ? [] : [wanted])
  expect(wanted === null ? answer.length : answer).toBe(wanted ?? 3)
})

it('comes back to one that was slow to connect, when the one before it is silent', async () => {
  const { asked, answer } = await ask(2, {
    open: (name) => sleep(name === 'b1' ? 900 : 1),
    ask: (name) => (name === 'b1' ? Promise.resolve(name) : timesOut()),
  })
  expect(asked).toEqual(['b2', 'b1'])
  expect(answer).toBe('b1')
})

it('fails when there is nobody to ask', async () => {
  expect(await ask(0, { ask: () => Promise.resolve('') })).toEqual({ asked: [], answer: [] })
})
