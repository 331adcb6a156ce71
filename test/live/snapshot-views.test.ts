import { renameSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StatusDocument } from '../../src/lib/report/status/status-document.js'
import { runKlinic, type Run } from '../commands/run-klinic.js'
import { createTopic, PLAIN_USER, startLab, type Lab } from '../lab/index.js'

describe('a cluster that shows itself in part', () => {
  let lab: Lab

  beforeAll(async () => {
    lab = await startLab({
      mode: 'kraft',
      brokers: 2,
      basePort: 23_120,
      logDirs: 2,
      secured: true,
    })
    await createTopic(lab, 'orders', [
      [1, 2],
      [2, 1],
      [1, 2],
      [2, 1],
    ])
  })

  afterAll(() => lab.down())

  const klinic = (properties: string, ...args: readonly string[]): Promise<Run> =>
    runKlinic([...args, '--bootstrap-server', lab.bootstrapServers, '--command-config', properties])

  const status = async (properties: string): Promise<StatusDocument> => {
    const run = await klinic(properties, 'cluster', 'status', '--json')
    expect(run.stderr).not.toMatch(/\n\s+at /)
    expect(run.code).toBe(0)
    return JSON.parse(run.stdout) as StatusDocument
  }

  const codes = (document: StatusDocument): readonly string[] =>
    document.findings.map((finding) => finding.code)

  it('is whole for a principal that may see everything, and a shared volume counts once', async () => {
    const document = await status(lab.security!.clients.superUser)
    expect(document.warnings).toEqual([])
    expect(document.totals.topics).toBe(1)
    expect(document.brokers[0]?.logDirs).toHaveLength(2)
  })

  it('is not called healthy for a principal that sees nothing at all', async () => {
    const { plainUser } = lab.security!.clients
    const document = await status(plainUser)
    expect(document.totals.topics).toBe(0)
    expect(document.healthy).toBe(false)
    expect(codes(document)).toContain('VIEW_NOT_VERIFIED')
    const plan = await klinic(plainUser, 'balance', 'plan')
    expect(plan.code).toBe(77)
    expect(plan.stderr).toContain('CLUSTER:DESCRIBE')
  })

  it('names what the disks hold and Metadata hides, and refuses to plan on that', async () => {
    await lab.runTool('org.apache.kafka.tools.AclCommand', [
      ...['--bootstrap-server', lab.bootstrapServers],
      ...['--command-config', lab.clientProperties!],
      ...['--add', '--allow-principal', `User:${PLAIN_USER.username}`],
      ...['--operation', 'Describe', '--cluster'],
    ])
    const { plainUser } = lab.security!.clients
    const document = await status(plainUser)
    expect(codes(document)).toContain('PARTIAL_VIEW')
    expect(document.findings[0]?.message).toContain('orders-0')
    const plan = await klinic(plainUser, 'balance', 'plan')
    expect(plan.code).toBe(77)
    expect(plan.stderr).toContain('TOPIC *:DESCRIBE')
    const check = await klinic(plainUser, 'cluster', 'check', '--quiet')
    expect(check.code).toBe(3)
  })

  it('names a log directory that a broker has lost, and the replicas that went with it', async () => {
    // Not the first one: there the broker keeps its metadata log, and it would end with it.
    const [, lost] = lab.brokers[1]!.logDirs
    renameSync(lost!, `${lost}-gone`)
    const found = await eventually(async () => {
      const document = await status(lab.security!.clients.superUser)
      const lostDir = document.findings.find((finding) => finding.code === 'LOG_DIR_OFFLINE')
      return (lostDir?.partitions ?? []).length > 0 ? lostDir : undefined
    })
    expect(found.subject).toBe('broker 2')
    expect(found.message).toContain(`has lost log directory ${lost!}`)
    expect(found.partitions?.every((name) => name.startsWith('orders-'))).toBe(true)
  })

  /** The broker notices a lost directory when it next writes there: at a checkpoint, every five seconds or so. */
  async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const value = await look()
      if (value !== undefined) return value
      await sleep(1_000)
    }
    throw new Error('it never showed')
  }
})
