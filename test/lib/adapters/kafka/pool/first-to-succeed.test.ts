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
