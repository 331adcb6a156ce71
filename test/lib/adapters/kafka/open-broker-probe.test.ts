import { createServer, type Server } from 'node:net'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openBrokerProbe } from '../../../../src/lib/adapters/kafka/open-broker-probe.js'

describe('a probe of one broker', () => {
  const host = '127.0.0.1'
  const probe = openBrokerProbe({
    bootstrapServers: ['nowhere:1'],
    clientId: 'test',
    connectTimeoutMs: 2_000,
    requestTimeoutMs: 500,
  })
  let silent: Server
  let port: number

  beforeAll(async () => {
    silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, host, resolve))
    const address = silent.address()
    port = typeof address === 'object' && address !== null ? address.port : 0
  })
  afterAll(() => {
    silent.close()
  })

  it('finds the port of a process that hangs open, and no answer behind it', async () => {
    expect(await probe.connect({ host, port })).toBe('open')
    expect(await probe.ask({ host, port })).toBe('TIMED_OUT')
  })

  it('is refused where nobody listens', async () => {
    expect(await probe.connect({ host, port: 1 })).toBe('refused')
  })

  it('cannot reach a host that has no address', async () => {
    expect(await probe.connect({ host: 'nobody.invalid', port: 9092 })).toBe('unreachable')
  })
})
