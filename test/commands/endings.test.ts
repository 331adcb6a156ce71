import { createServer, type AddressInfo, type Server } from 'node:net'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { runKlinic, type Run } from './run-klinic.js'

/** Takes connections and never says a word: a broker that hangs. */
let silent: Server
let address = ''

beforeAll(async () => {
  silent = createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  address = `127.0.0.1:${(silent.address() as AddressInfo).port}`
})
afterAll(() => {
  silent.close()
})

/** Runs a command that waits for the silent broker, and sends signals once it does. */
function interrupt(signals: readonly NodeJS.Signals[], ...more: readonly string[]): Promise<Run> {
  const args = ['cluster', 'status', '--bootstrap-server', address, '--timeout', '15s', ...more]
  return runKlinic(args, {
    onStart: (child) => {
      silent.once('connection', () => {
        for (const signal of signals) child.kill(signal)
      })
    },
  })
}

describe('a command that is told to stop', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends with %s as exit code %i, without a stack trace', async (signal, code) => {
    const run = await interrupt([signal])
    expect(run).toMatchObject({ code, stdout: '' })
    expect(run.stderr).toContain(`Stopped by ${signal}.`)
    expect(run.stderr).not.toMatch(/\n\s+at /)
  })

  it('says so in one JSON document with --json', async () => {
    const run = await interrupt(['SIGTERM'], '--json')
    expect(run.code).toBe(143)
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'INTERRUPTED', exitCode: 143 } })
  })

  it('leaves at once when told twice', async () => {
    const run = await interrupt(['SIGINT', 'SIGTERM'])
    expect([130, 143]).toContain(run.code)
    expect(run.stderr).toContain('Left at once.')
  })
})

describe('a cluster that cannot be reached', () => {
  it('is exit 69 with one message, the same with --json', async () => {
    const args = ['cluster', 'status', '--bootstrap-server', '127.0.0.1:1', '--timeout', '2s']
    const plain = await runKlinic(args)
    const json = await runKlinic([...args, '--json'])
    expect(plain).toMatchObject({ code: 69, stdout: '' })
    expect(plain.stderr).toMatch(/^Error [A-Z_]+: .*127\.0\.0\.1:1/)
    expect(plain.stderr).not.toMatch(/\n\s+at /)
    expect(json.code).toBe(69)
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { exitCode: 69 } })
  })

  it('shows where the error came from with --verbose only', async () => {
    const args = ['cluster', 'status', '--bootstrap-server', '127.0.0.1:1', '--verbose']
    expect((await runKlinic(args)).stderr).toMatch(/\n\s+at /)
  })
})
