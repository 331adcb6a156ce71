import { setTimeout as sleep } from 'node:timers/promises'

import { expect, it } from 'vitest'

import { firstToSucceed } from '../../../../../src/lib/adapters/kafka/pool/first-to-succeed.js'

const after = (ms: number, value: string) => () => sleep(ms, value)
const fails = (reason: string) => () => Promise.reject(new Error(reason))

it('takes the first answer, and does not wait for a server that hangs', async () => {
  const startedMs = performance.now()
  expect(await firstToSucceed([after(5_000, 'hung'), after(10, 'quick')], 50)).toBe('quick')
  expect(performance.now() - startedMs).toBeLessThan(1_000)
})

it('asks only the first server when that one answers in time', async () => {
  let asked = 0
  const count = (task: () => Promise<string>) => () => {
    asked += 1
    return task()
  }
  expect(await firstToSucceed([count(after(5, 'a')), count(after(5, 'b'))], 500)).toBe('a')
  expect(asked).toBe(1)
})

it('goes to the next server at once when one refuses', async () => {
  const startedMs = performance.now()
  expect(await firstToSucceed([fails('refused'), after(1, 'next')], 5_000)).toBe('next')
  expect(performance.now() - startedMs).toBeLessThan(1_000)
})

it('tells what each server said when all fail', async () => {
  const failure = firstToSucceed([fails('one'), fails('two')], 10)
  await expect(failure).rejects.toMatchObject({ errors: [new Error('one'), new Error('two')] })
})

it('asks no more servers at once than it may', async () => {
  let asked = 0
  const hangs = () => {
    asked += 1
    return sleep(200).then(() => Promise.reject(new Error('silent')))
  }
  const tasks = Array.from({ length: 8 }, () => hangs)
  const answer = firstToSucceed([...tasks, after(1, 'last')], 1, { atMost: 3 })
  await sleep(100)
  expect(asked).toBe(3)
  expect(await answer).toBe('last')
})

it('goes no further down the list once the failures say that all would be the same', async () => {
  const isHopeless = (errors: readonly unknown[]) => errors.length === 2
  const failure = firstToSucceed([fails('one'), fails('two'), after(1, 'three')], 1_000, {
    isHopeless,
  })
  await expect(failure).rejects.toMatchObject({ errors: [new Error('one'), new Error('two')] })
})

it('begins with no other server once its time is over', async () => {
  const hangs = () => sleep(60).then(() => Promise.reject(new Error('silent')))
  const failure = firstToSucceed([hangs, after(1, 'late')], 1_000, { startWithinMs: 20 })
  await expect(failure).rejects.toMatchObject({ errors: [new Error('silent')] })
})
