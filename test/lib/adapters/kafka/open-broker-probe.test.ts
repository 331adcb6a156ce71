import { spawn, type ChildProcess } from 'node:child_process'
import { connect, createServer, type Server, type Socket } from 'node:net'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openBrokerProbe } from '../../../../src/lib/adapters/kafka/open-broker-probe.js'

describe('a probe of one broker', () => {
  const host = '127.0.0.1'
  const probeWithin = (connectTimeoutMs: number) =>
    openBrokerProbe({
      bootstrapServers: ['nowhere:1'],
      clientId: 'test',
      connectTimeoutMs,
      requestTimeoutMs: 500,
    })
  const probe = probeWithin(2_000)
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
    expect(await probe.connect({ host, port })).toEqual({ port: 'open' })
    expect(await probe.ask({ host, port })).toBe('TIMED_OUT')
  })

  it('is refused where nobody listens', async () => {
    expect(await probe.connect({ host, port: 1 })).toEqual({ port: 'refused' })
  })

  it('cannot reach a host that has no address', async () => {
    const seen = await probe.connect({ host: 'nobody.invalid', port: 9092 })
    expect(seen).toEqual({ port: 'unreachable' })
  })

  describe('of a process that hung until its backlog was full', () => {
    const waiting: Socket[] = []
    let hung: ChildProcess
    let full: number

    beforeAll(async () => {
      // Listens with room for one, says where, and never runs again.
      const program = `
        const server = require('node:net').createServer()
        server.listen(0, '${host}', 1, () => {
          require('node:fs').writeSync(1, String(server.address().port))
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120_000)
          process.exit()
        })`
      hung = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
      full = await new Promise<number>((resolve) => {
        hung.stdout?.once('data', (data: Buffer) => resolve(Number(data.toString())))
      })
      for (let one = 0; one < 8; one++) {
        waiting.push(connect({ host, port: full }).on('error', () => undefined))
      }
    })
    afterAll(() => {
      for (const socket of waiting) socket.destroy()
      hung.kill('SIGKILL')
    })

    it('finds that the port swallows connections while the host answers, within one deadline', async () => {
      const begun = performance.now()
      const seen = await probeWithin(4_000).connect({ host, port: full })
      expect(seen.port).toBe('timed-out')
      // Whether anybody logs in to the host that tests run on is all the same.
      expect(['open', 'refused']).toContain(seen.sshPort)
      expect(performance.now() - begun).toBeLessThan(6_000)
    })
  })
})
