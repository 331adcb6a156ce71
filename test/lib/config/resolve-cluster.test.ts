import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { openConnection } from '../../../src/lib/config/kafka-connection.js'
import { resolveCluster, type ConnectionFlags } from '../../../src/lib/config/resolve-cluster.js'

const FILE = `
defaultCluster: prod
clusters:
  prod: {bootstrapServers: [prod:9092], timeouts: {request: 7s}}
  test: {bootstrapServers: [test:9092]}
`

async function connect(
  flags: ConnectionFlags,
  given: readonly string[],
  text: string | null = FILE,
) {
  const cwd = await mkdtemp(join(tmpdir(), 'klinic-'))
  if (text !== null) await writeFile(join(cwd, 'klinic.yaml'), text)
  const env = { XDG_CONFIG_HOME: cwd }
  const choice = { flags, given: new Set(given), env, cwd }
  const cluster = await resolveCluster(choice)
  const shell = { env, remember: () => undefined, prompt: null }
  const connection = await openConnection(cluster, choice, shell)
  return { name: cluster.name, servers: connection.bootstrapServers, connection }
}

describe('which cluster is meant', () => {
  it('is the default cluster where none is named', async () => {
    expect(await connect({}, [])).toMatchObject({ name: 'prod', servers: ['prod:9092'] })
  })

  it('is the only one of the file where there is no default', async () => {
    const file = 'clusters: {lonely: {bootstrapServers: ["l:9092"]}}'
    expect(await connect({}, [], file)).toMatchObject({ name: 'lonely', servers: ['l:9092'] })
  })

  it('is none of the file with --bootstrap-server alone', async () => {
    const run = await connect({ 'bootstrap-server': 'a:1,b:2' }, ['bootstrap-server'])
    expect(run.name).toBeUndefined()
    expect(run.servers).toEqual(['a:1', 'b:2'])
  })

  it('is the one named, at the addresses given, with both flags', async () => {
    const flags = { cluster: 'test', 'bootstrap-server': 'tunnel:9092' }
    const run = await connect(flags, ['cluster', 'bootstrap-server'])
    expect(run).toMatchObject({ name: 'test', servers: ['tunnel:9092'] })
  })

  it('is what the command line says, whatever the environment holds', async () => {
    const flags = { cluster: 'test', 'bootstrap-server': 'other:9092' }
    expect(await connect(flags, ['cluster'])).toMatchObject({
      name: 'test',
      servers: ['test:9092'],
    })
    const byAddress = await connect(flags, ['bootstrap-server'])
    expect(byAddress.name).toBeUndefined()
    expect(byAddress.servers).toEqual(['other:9092'])
  })

  it('must be named somehow', async () => {
    await expect(connect({}, [], null)).rejects.toMatchObject({ code: 'NO_CLUSTER', exit: 'usage' })
  })

  it('suggests the name that was meant', async () => {
    await expect(connect({ cluster: 'tset' }, ['cluster'])).rejects.toMatchObject({
      code: 'UNKNOWN_CLUSTER',
      nextSteps: expect.arrayContaining([expect.stringContaining('--cluster test')]) as unknown,
    })
  })

  it('has its own timeouts, which --timeout outranks', async () => {
    expect((await connect({}, [])).connection.requestTimeoutMs).toBe(7_000)
    expect((await connect({ timeout: 900 }, ['timeout'])).connection).toMatchObject({
      requestTimeoutMs: 900,
      connectTimeoutMs: 900,
    })
  })

  it('needs no file and no name with --bootstrap-server', async () => {
    const run = await connect({ 'bootstrap-server': 'a:1' }, ['bootstrap-server'], null)
    expect(run.connection).toEqual({
      bootstrapServers: ['a:1'],
      clientId: 'klinic',
      connectTimeoutMs: 3_000,
      requestTimeoutMs: 5_000,
      allowPlaintextSasl: false,
    })
  })
})
