import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
  type Admin,
} from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openKafkaReader } from '../../src/lib/adapters/kafka/open-kafka-reader.js'
import { systemClock } from '../../src/lib/adapters/system/clock.js'
import { checkGuards } from '../../src/lib/execution/reassign/guards/check-guards.js'
import { movesOf } from '../../src/lib/execution/reassign/moves.js'
import type { AccessReport } from '../../src/lib/health/access/judge-access.js'
import type { OwnNames, Purpose } from '../../src/lib/health/access/required-access.js'
import { checkHealth } from '../../src/lib/health/check-health.js'
import { formatPlan } from '../../src/lib/plan/format-plan.js'
import { importKafkaJson } from '../../src/lib/plan/import-kafka-json.js'
import { toKafkaJson } from '../../src/lib/plan/kafka-json.js'
import type { Plan } from '../../src/lib/plan/plan.js'
import type { ClusterReader } from '../../src/lib/ports/cluster-reader.js'
import type { KafkaConnection } from '../../src/lib/ports/connection.js'
import { readAccessReport } from '../../src/lib/reading/read-access-report.js'
import { readSnapshot } from '../../src/lib/reading/read-snapshot.js'
import { nameRight } from '../../src/lib/report/access-text.js'
import { runKlinic, type Run } from '../commands/run-klinic.js'
import { createTopic, PLAIN_USER, startLab, SUPER_USER, type Lab } from '../lab/index.js'
import { describeCommandsOf } from './access-commands.js'
import { directory, run, until } from './reassign-support.js'

const ownOf = (clusterId: string): OwnNames => ({
  statsTopic: 'klinic.stats',
  actionsTopic: null,
  stateTopic: 'klinic.state',
  lockGroup: `klinic.lock.${clusterId}`,
})

/** One ACL, as `kafka-acls.sh` would grant it to the user of this test. */
interface Grant {
  readonly resource: 'CLUSTER' | 'TOPIC' | 'GROUP'
  readonly operation: 'READ' | 'DESCRIBE' | 'DESCRIBE_CONFIGS' | 'ALTER' | 'ALTER_CONFIGS'
  /** Topics or groups of this name; by default all of them. */
  readonly name?: string
}

const grant = (
  resource: Grant['resource'],
  operation: Grant['operation'],
  name?: string,
): Grant => ({ resource, operation, ...(name === undefined ? {} : { name }) })
const PLAN_SET = [
  grant('CLUSTER', 'DESCRIBE'),
  grant('CLUSTER', 'DESCRIBE_CONFIGS'),
  grant('TOPIC', 'DESCRIBE'),
  grant('TOPIC', 'DESCRIBE_CONFIGS'),
  grant('GROUP', 'DESCRIBE'),
]
/** What executing takes beside the lock, which belongs to a cluster by name. */
const EXECUTE_SET = [
  grant('CLUSTER', 'ALTER'),
  grant('CLUSTER', 'ALTER_CONFIGS'),
  grant('TOPIC', 'ALTER_CONFIGS'),
]

const aclOf = ({ resource, operation, name }: Grant) => ({
  resourceType: AclResourceTypes[resource],
  resourceName: resource === 'CLUSTER' ? 'kafka-cluster' : (name ?? '*'),
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: `User:${PLAIN_USER.username}`,
  host: '*',
  operation: AclOperationTypes[operation],
  permissionType: AclPermissionTypes.ALLOW,
})

describe('a principal that lacks rights', () => {
  let lab: Lab
  let admin: Admin
  let reader: ClusterReader
  let plan: Plan
  /** Whatever was opened, so that a beginning that failed half-way leaves nothing behind. */
  const closing: (() => Promise<void>)[] = []

  beforeAll(async () => {
    lab = await startLab({ mode: 'kraft', brokers: 2, basePort: 22_100, logDirs: 1, secured: true })
    closing.push(() => lab.down())
    await createTopic(lab, 'orders', [[1], [2]])
    await createTopic(lab, 'hidden', [[1], [2]])
    const ca = readFileSync(lab.security!.ca, 'utf8')
    const brokers = lab.bootstrapServers.split(',')
    const kafka = new Kafka({
      brokers,
      ssl: { ca: [ca] },
      sasl: { mechanism: 'scram-sha-512', ...SUPER_USER },
      logLevel: logLevel.NOTHING,
    })
    admin = kafka.admin()
    await admin.connect()
    closing.push(() => admin.disconnect())
    const connection: KafkaConnection = {
      bootstrapServers: brokers,
      clientId: 'klinic-test',
      connectTimeoutMs: 5_000,
      requestTimeoutMs: 10_000,
      tls: { caPem: ca, checkHostName: true },
      sasl: { mechanism: 'SCRAM-SHA-512', ...PLAIN_USER },
    }
    const asSuper = await openKafkaReader({
      ...connection,
      sasl: { mechanism: 'SCRAM-SHA-512', ...SUPER_USER },
    })
    const snapshot = await readSnapshot(asSuper, { clock: systemClock })
    await asSuper.close()
    const text = toKafkaJson([{ topic: 'orders', partition: 0, replicas: [2] }])
    plan = importKafkaJson(text, 'plan.json', snapshot, { allowReplicationFactorChange: false })
    reader = await openKafkaReader(connection)
    closing.push(() => reader.close())
  })

  afterAll(async () => {
    for (const close of closing.toReversed()) await close()
  })

  const look = () => readSnapshot(reader, { clock: systemClock })
  const access = async (purpose: Purpose): Promise<AccessReport> =>
    readAccessReport(reader, { purpose, snapshot: await look(), own: ownOf(plan.cluster.id) })
  const lock = (): Grant => grant('GROUP', 'READ', `klinic.lock.${plan.cluster.id}`)
  const nameOf = ({ resource, operation, name }: Grant): string => {
    const all = resource === 'CLUSTER' ? resource : `${resource} *`
    return `${name === undefined ? all : `${resource} ${name}`}:${operation}`
  }
  const missingOf = ({ rights }: AccessReport): readonly string[] =>
    rights.filter(({ status }) => status === 'missing').map(nameRight)

  /** Brokers learn of ACLs a little later: waits until the report says what it shall. */
  const untilMissing = async (purpose: Purpose, wanted: readonly string[]): Promise<void> => {
    let last: readonly string[] = []
    await until(`${purpose} lacks ${wanted.join()}`, 30_000, async () => {
      last = missingOf(await access(purpose))
      return wanted.every((right) => last.includes(right)) && last.length === wanted.length
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it named ${last.join()}`)
    })
  }

  const grantAll = (grants: readonly Grant[]) => admin.createAcls({ acl: grants.map(aclOf) })
  const revoke = (one: Grant) => admin.deleteAcls({ filters: [aclOf(one)] })

  const klinic = (...args: readonly string[]): Promise<Run> =>
    runKlinic([
      ...args,
      '--bootstrap-server',
      lab.bootstrapServers,
      '--command-config',
      lab.security!.clients.plainUser,
    ])

  it('and has none is told which it needs, with the command that grants it', async () => {
    const checked = await klinic('access', 'check', '--for', 'execute')
    expect(checked.code, checked.stderr).toBe(77)
    expect(checked.stdout).toMatch(/CLUSTER:DESCRIBE +MISSING/)
    expect(checked.stdout).toContain('--operation Describe --cluster')
  })

  it('is enough for planning with the rights for it, and lacks four for executing', async () => {
    await grantAll(PLAN_SET)
    await untilMissing('plan', [])
    expect(await access('plan')).toMatchObject({ sufficient: true, certain: true })
    await untilMissing('execute', [
      'CLUSTER:ALTER',
      'CLUSTER:ALTER_CONFIGS',
      'TOPIC *:ALTER_CONFIGS',
      nameOf(lock()),
    ])
    expect(missingOf(await access('roll'))).toEqual(['CLUSTER:ALTER', nameOf(lock())])
  })

  it.each([
    [grant('CLUSTER', 'DESCRIBE'), ['VIEW_NOT_VERIFIED', 'REASSIGNMENTS_UNREAD'], []],
    [grant('CLUSTER', 'DESCRIBE_CONFIGS'), ['THROTTLES_UNREAD'], []],
    // Whether topics of ours are there is hidden, too.
    [
      grant('TOPIC', 'DESCRIBE'),
      ['PARTIAL_VIEW'],
      ['TOPIC klinic.stats:READ', 'TOPIC klinic.state:READ'],
    ],
    [grant('TOPIC', 'DESCRIBE_CONFIGS'), ['THROTTLES_UNREAD'], []],
  ] as const)('is told by name that it lacks %o', async (one, guards, alsoHidden) => {
    await revoke(one)
    await untilMissing('plan', [nameOf(one), ...alsoHidden])
    const snapshot = await look()
    const standing = checkGuards({ plan, moves: movesOf(plan), snapshot })
    expect(standing.map(({ code }) => code)).toEqual(expect.arrayContaining([...guards]))
    expect(standing.find(({ code }) => code === guards[0])?.exit).toBe('notAuthorised')
    expect(checkHealth(snapshot).map(({ severity }) => severity)).not.toEqual([])
    await grantAll([one])
    await untilMissing('plan', [])
  })

  it('is told each right that executing takes beyond planning', async () => {
    const all = [...EXECUTE_SET, lock()]
    await grantAll(all)
    await untilMissing('execute', [])
    for (const one of all) {
      await revoke(one)
      await untilMissing('execute', [nameOf(one)])
      await grantAll([one])
      await untilMissing('execute', [])
    }
    const checked = await klinic('access', 'check', '--for', 'execute', '--json')
    expect(checked.code, checked.stdout).toBe(0)
  })

  it('and may not join the group of the lock is told the ACL, and goes on with the lock of its host', async () => {
    const file = join(directory, 'access.json')
    writeFileSync(file, formatPlan(plan))
    const execute = ['reassign', 'execute', file, '--confirm', plan.cluster.id, '--json']
    const login = ['--command-config', lab.security?.clients.plainUser ?? '']
    const connection = ['--bootstrap-server', lab.bootstrapServers, ...login]
    await revoke(lock())
    await untilMissing('execute', [nameOf(lock())])
    const checked = await klinic('access', 'check', '--for', 'execute')
    expect([checked.code, checked.stdout]).toEqual([77, expect.stringContaining('--local-lock')])
    const refused = await run([...execute, ...connection])
    const group = `klinic.lock.${plan.cluster.id}`
    expect([refused.code, refused.stdout]).toEqual([
      77,
      expect.stringContaining('LOCK_NOT_AUTHORISED'),
    ])
    expect(refused.stdout).toContain(`--operation Read --operation Describe --group ${group}`)
    const ran = await run([...execute, ...connection, '--local-lock'])
    expect(ran.code, ran.stdout + ran.stderr).toBe(0)
  })

  describe('for one topic', () => {
    const all = [grant('TOPIC', 'DESCRIBE'), ...EXECUTE_SET.slice(2)]
    beforeAll(async () => {
      await grantAll([grant('TOPIC', 'DESCRIBE', 'orders')])
      for (const one of all) await revoke(one)
      await until('the topic is hidden', 30_000, async () => {
        const { topics } = await reader.readMetadata()
        return !topics.some(({ name }) => name === 'hidden')
      })
    })
    afterAll(() => grantAll(all))

    describeCommandsOf({
      connection: () => [
        '--bootstrap-server',
        lab.bootstrapServers,
        '--command-config',
        lab.security?.clients.plainUser ?? '',
      ],
      planFile: () => {
        const file = join(directory, 'access.json')
        writeFileSync(file, formatPlan(plan))
        return file
      },
    })
  })
})
