import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { openBurrow } from '../../../../src/lib/adapters/burrow/open-burrow.js'
import { systemClock } from '../../../../src/lib/adapters/system/clock.js'
import { waitForConsumers } from '../../../../src/lib/reading/consumers/wait-for-consumers.js'

let server: Server
let base: string
let answers: { status: number; body: unknown; location?: string }[]
let paths: string[]

const burrowSays = (status: string, complete = 1) => ({
  status: 200,
  body: {
    error: false,
    status: { status, complete, totallag: 12, maxlag: { topic: 't', partition: 3, status } },
  },
})

beforeEach(async () => {
  answers = []
  paths = []
  server = createServer((request, response) => {
    paths.push(request.url ?? '')
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    response.writeHead(
      answer?.status ?? 200,
      answer?.location === undefined ? {} : { location: answer.location },
    )
    response.end(JSON.stringify(answer?.body ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3/kafka/prod`
})

afterEach(() => new Promise((resolve) => server.close(resolve)))

const check = () => openBurrow(base, { minComplete: 1 }).check(['bil/ling'])
const wait = (retries: number) =>
  waitForConsumers(openBurrow(base, { minComplete: 1 }), ['billing'], systemClock, {
    retries,
    waitMs: 5,
    signal: new AbortController().signal,
    onPass: () => undefined,
  })

describe('consumer health from Burrow', () => {
  it('is what Burrow says of the group, with the worst partition named', async () => {
    answers = [burrowSays('STALL')]
    expect(await check()).toEqual([
      {
        groupId: 'bil/ling',
        status: 'ERR',
        totalLag: 12,
        why: 'Burrow says STALL, worst t-3 (STALL)',
      },
    ])
    expect(paths).toEqual(['/v3/kafka/prod/consumer/bil%2Fling/status'])
  })

  it('is unknown, not well, while Burrow has not filled its window, fails, or sends us elsewhere', async () => {
    answers = [burrowSays('OK', 0.4)]
    expect(await check()).toMatchObject([
      { status: 'UNKNOWN', why: 'Burrow has filled 40 % of its window only' },
    ])
    answers = [{ status: 500, body: {} }]
    expect(await check()).toMatchObject([{ status: 'UNKNOWN', why: 'Burrow answered 500' }])
    answers = [{ status: 302, body: {}, location: 'http://127.0.0.1:1/' }]
    expect(await check()).toMatchObject([{ status: 'UNKNOWN' }])
  })

  it('waits through a failing Burrow and a warning until the group is well', async () => {
    answers = [{ status: 500, body: {} }, burrowSays('WARN'), burrowSays('OK')]
    expect(await wait(5)).toMatchObject({ healthy: true, passes: 3 })
  })

  it('gives up after the last try, and at once for a group that does not exist', async () => {
    answers = [burrowSays('ERR')]
    expect(await wait(3)).toMatchObject({ healthy: false, passes: 3 })
    answers = [{ status: 404, body: {} }]
    expect(await wait(3)).toMatchObject({ healthy: false, passes: 1 })
  })

  it('refuses an address that is not one of a cluster', () => {
    expect(() => openBurrow('ftp://x/v3/kafka/prod', { minComplete: 1 })).toThrow('not the address')
    expect(() => openBurrow('http://burrow:8000', { minComplete: 1 })).toThrow('not the address')
  })
})
