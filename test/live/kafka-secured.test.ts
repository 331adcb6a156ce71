import { readFileSync } from 'node:fs'
import type { Server } from 'node:net'
import { connect, createServer } from 'node:net'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openKafkaReader } from '../../src/lib/adapters/kafka/open-kafka-reader.js'
import type { KafkaConnection, TlsSettings } from '../../src/lib/ports/connection.js'
import { createTopic, PLAIN_USER, startLab, SUPER_USER } from '../lab/index.js'

type Lab = Awaited<ReturnType<typeof startLab>>

/** Passes connections on under an address that the certificate does not name. */
async function forward(port: number, targetPort: number): Promise<Server> {
  const server = createServer((client) => {
    const broker = connect(targetPort, '127.0.0.1')
    for (const socket of [client, broker]) socket.on('error', () => undefined)
    client.pipe(broker).pipe(client)
  })
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.2', resolve)
  })
  return server
}

describe.each([
  ['kraft', 21_200],
  ['zookeeper', 21_300],
] as const)('a %s cluster with TLS and SCRAM-SHA-512', (mode, basePort) => {
  let lab: Lab
  let tls: TlsSettings
  let connection: KafkaConnection

  beforeAll(async () => {
    lab = await startLab({ mode, brokers: 2, racks: 2, basePort, secured: true })
    await createTopic(lab, 'orders', [[1, 2]])
    tls = { caPem: readFileSync(lab.security!.ca, 'utf8'), checkHostName: true }
    connection = {
      bootstrapServers: lab.bootstrapServers.split(','),
      clientId: 'klinic-test',
      connectTimeoutMs: 4_000,
      requestTimeoutMs: 5_000,
      tls,
      sasl: { mechanism: 'SCRAM-SHA-512', ...SUPER_USER },
    }
  })

  afterAll(() => lab.down())

  it('is read over a verified connection', async () => {
    const reader = await openKafkaReader(connection)
    const { topics, mode: found } = await reader.readMetadata()
    expect(found).toBe(mode)
    expect(topics.map(({ name }) => name)).toEqual(['orders'])
    expect((await reader.readLogDirs([1, 2])).every(({ ok }) => ok)).toBe(true)
    const [broker] = await reader.readConfigs([{ type: 'broker', name: '1' }])
    const sensitive = broker?.values.filter((value) => value.sensitive) ?? []
    expect(sensitive.length).toBeGreaterThan(0)
    expect(sensitive.every(({ value }) => value === null)).toBe(true)
    await reader.close()
  })

  it('refuses a wrong password in a sentence that does not repeat it', async () => {
    const sasl = {
      mechanism: 'SCRAM-SHA-512',
      username: SUPER_USER.username,
      password: 'guessed-1',
    } as const
    const refusal = await openKafkaReader({ ...connection, sasl }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'NOT_AUTHORISED', exit: 'notAuthorised' })
    expect(String(refusal)).toContain('refused the login')
    expect(String(refusal)).not.toContain('guessed-1')
  })

  it('says which mechanism it does not take', async () => {
    const sasl = { mechanism: 'PLAIN', ...SUPER_USER } as const
    await expect(openKafkaReader({ ...connection, sasl })).rejects.toMatchObject({
      code: 'NOT_AUTHORISED',
      exit: 'notAuthorised',
    })
  })

  it('is not trusted when another authority signed its certificate', async () => {
    const untrusted = { ...tls, caPem: readFileSync(lab.security!.untrustedCa, 'utf8') }
    const refusal = await openKafkaReader({ ...connection, tls: untrusted }).catch(
      (error: unknown) => error,
    )
    expect(refusal).toMatchObject({ code: 'CERTIFICATE_REFUSED', exit: 'notAuthorised' })
    expect(String(refusal)).toContain('is not trusted')
  })

  it('is not trusted under a name that its certificate does not hold, unless that check is off', async () => {
    const port = basePort + 90
    const server = await forward(port, basePort + 1)
    const elsewhere = { ...connection, bootstrapServers: [`127.0.0.2:${port}`] }
    await expect(openKafkaReader(elsewhere)).rejects.toMatchObject({ code: 'CERTIFICATE_REFUSED' })
    const unchecked = { ...elsewhere, tls: { ...tls, checkHostName: false } }
    const reader = await openKafkaReader(unchecked)
    await reader.close()
    server.close()
  })

  it('answers plaintext with a hint at TLS', async () => {
    const { bootstrapServers, clientId, connectTimeoutMs, requestTimeoutMs } = connection
    const plain = { bootstrapServers, clientId, connectTimeoutMs, requestTimeoutMs }
    await expect(openKafkaReader(plain)).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      message: expect.stringContaining('TLS') as string,
    })
  })

  it('shows a user without rights nothing, and says so where Kafka says so', async () => {
    const reader = await openKafkaReader({
      ...connection,
      sasl: { mechanism: 'SCRAM-SHA-512', ...PLAIN_USER },
    })
    expect((await reader.readMetadata()).topics).toEqual([])
    const logDirs = await reader.readLogDirs([1])
    expect(logDirs[0]).toMatchObject({
      ok: false,
      failure: { code: 'CLUSTER_AUTHORIZATION_FAILED' },
    })
    await expect(reader.readReassignments()).rejects.toMatchObject({ exit: 'notAuthorised' })
    await reader.close()
  })
})
