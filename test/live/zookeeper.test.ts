import zookeeper, { type Client } from 'node-zookeeper-client'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openZooKeeper } from '../../src/lib/adapters/zookeeper/open-zookeeper.js'
import { ZooKeeperSession } from '../../src/lib/adapters/zookeeper/session.js'
import type { ZooKeeperConnection } from '../../src/lib/ports/connection.js'
import type { ZooKeeperView } from '../../src/lib/ports/zookeeper-reader.js'
import { startLab, type Lab } from '../lab/index.js'

const DEADLINE_MS = 2_000

describe('reading a real ZooKeeper', () => {
  let lab: Lab
  let tool: Client

  beforeAll(async () => {
    lab = await startLab({
      mode: 'zookeeper',
      brokers: 2,
      racks: 2,
      basePort: 23_000,
      chroot: '/kafka',
    })
    tool = zookeeper.createClient(lab.zookeeperConnect!, {
      sessionTimeout: 30_000,
      spinDelay: 100,
      retries: 0,
    })
    tool.connect()
  })

  afterAll(async () => {
    tool.close()
    await lab.down()
  })

  const connection = (extra: Partial<ZooKeeperConnection> = {}): ZooKeeperConnection => ({
    connectString: lab.zookeeperConnect!,
    sessionTimeoutMs: 6_000,
    operationTimeoutMs: DEADLINE_MS,
    ...extra,
  })

  async function read(extra: Partial<ZooKeeperConnection> = {}): Promise<ZooKeeperView> {
    const reader = openZooKeeper(connection(extra))
    try {
      return await reader.readCluster()
    } finally {
      await reader.close()
    }
  }

  const create = (path: string, data: string): Promise<void> =>
    new Promise((resolve, reject) => {
      tool.create(path, Buffer.from(data), (error) => {
        if (error) reject(error)
        else resolve()
      })
    })

  it('finds cluster id, controller and registrations below the chroot', async () => {
    const view = await read()
    expect(view.clusterId).toMatch(/^[\w-]{22}$/)
    expect([1, 2]).toContain(view.controllerId)
    expect(view.brokers.map((broker) => broker.id)).toEqual([1, 2])
    expect(view.brokers[0]?.endpoints).toEqual(['PLAINTEXT://127.0.0.1:23001'])
    expect(view.brokers[0]?.rack).toBe(lab.brokers[0]?.rack)
    const age = Date.now() - view.brokers[0]!.registeredAtMs
    expect(age).toBeGreaterThan(0)
    expect(age).toBeLessThan(120_000)
    expect(view.leftovers).toEqual([])
  })

  it('says that there is no Kafka cluster where the chroot is wrong', async () => {
    const connectString = lab.zookeeperConnect!.replace('/kafka', '/other')
    await expect(read({ connectString })).rejects.toMatchObject({
      code: 'ZOOKEEPER_NO_CLUSTER',
      exit: 'badConfig',
    })
  })

  it('turns data above 1 MiB into an error instead of an assertion', async () => {
    const session = new ZooKeeperSession(connection())
    const tooMuch = session.request('write', (client, done) => {
      client.create('/big', Buffer.alloc(1_048_577), done)
    })
    await expect(tooMuch).rejects.toMatchObject({ code: 'ZOOKEEPER_REQUEST_INVALID' })
    await session.close()
  })

  it('says quickly that nobody listens at the address', async () => {
    const started = Date.now()
    await expect(read({ connectString: '127.0.0.1:1' })).rejects.toMatchObject({
      code: 'ZOOKEEPER_UNREACHABLE',
      exit: 'unreachable',
    })
    expect(Date.now() - started).toBeLessThan(DEADLINE_MS)
  })

  it('gives up within its deadline when ZooKeeper hangs, at the start and in an open session', async () => {
    const reader = openZooKeeper(connection())
    await reader.readCluster()
    process.kill(lab.quorum.pid!, 'SIGSTOP')
    try {
      const started = Date.now()
      const hung = { code: 'ZOOKEEPER_UNREACHABLE', exit: 'unreachable' }
      await Promise.all([
        expect(reader.readCluster()).rejects.toMatchObject(hung),
        expect(read()).rejects.toMatchObject(hung),
      ])
      expect(Date.now() - started).toBeLessThan(3 * DEADLINE_MS)
      const again = Date.now()
      await expect(reader.readCluster()).rejects.toMatchObject(hung)
      expect(Date.now() - again).toBeLessThan(DEADLINE_MS / 2)
      await reader.close()
    } finally {
      process.kill(lab.quorum.pid!, 'SIGCONT')
    }
  })

  it('leaves no connection open', async () => {
    await read()
    await sleep(300)
    const sockets = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap')
    // The one of the tool that this test itself writes with.
    expect(sockets.length).toBeLessThanOrEqual(1)
  })

  it('names what legacy tools left behind, and stops where a node is not ours to read', async () => {
    // Garbage stays where it is: the controller ignores what it cannot parse, and never deletes it.
    await create('/admin/reassign_partitions', 'not json')
    expect((await read()).leftovers).toEqual([
      { path: '/admin/reassign_partitions', data: 'not json' },
    ])
    tool.addAuthInfo('digest', Buffer.from('kafka:secret'))
    await protect('/admin/reassign_partitions')
    await expect(read()).rejects.toMatchObject({
      code: 'ZOOKEEPER_NOT_AUTHORISED',
      exit: 'notAuthorised',
    })
    const view = await read({ digest: { username: 'kafka', password: 'secret' } })
    expect(view.leftovers).toHaveLength(1)
  })

  const protect = (path: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const withAcl = tool as unknown as {
        setACL: (
          path: string,
          acl: unknown,
          version: number,
          done: (error: Error | null) => void,
        ) => void
      }
      withAcl.setACL(path, [creatorOnly()], -1, (error) => {
        if (error) reject(error)
        else resolve()
      })
    })

  const creatorOnly = (): unknown => {
    const { ACL, Id, Permission } = zookeeper as unknown as {
      ACL: new (permission: number, id: unknown) => unknown
      Id: new (scheme: string, id: string) => unknown
      Permission: { ALL: number }
    }
    return new ACL(Permission.ALL, new Id('auth', ''))
  }
})
