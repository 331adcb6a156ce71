import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { beforeAll, describe, expect, it } from 'vitest'

import { formatSnapshot } from '../../src/lib/model/format-snapshot.js'
import { parsePlan } from '../../src/lib/plan/parse-plan.js'
import type { Plan } from '../../src/lib/plan/plan.js'
import { broker, cluster, healthy, topic } from '../lib/health/cluster-builder.js'
import { emptyFolder, runKlinic, type Run } from './run-klinic.js'

const folder = emptyFolder()
const at = (name: string): string => join(folder, name)
const MB = 1_000_000

const traffic = {
  from: '2026-11-20T11:00:00.000Z',
  to: '2026-11-21T11:00:00.000Z',
  statistic: 'max',
  source: 'admin',
} as const
const carries = { bytesInPerSec: 2 * MB, bytesOutPerSec: 10 * MB, sizeBytes: 1_000 * MB }
const brokers = [broker(1), broker(2), broker(3), broker(4)]

/** Broker 1 leads everything; broker 3 dies in the second one. */
const skewed = cluster({
  traffic,
  brokers,
  topics: [
    topic(
      'orders',
      Array.from({ length: 12 }, (_, id) => ({ ...healthy(1, 2 + (id % 3)), ...carries })),
    ),
  ],
})
const sick = cluster({
  traffic,
  brokers: brokers.map((one) => (one.id === 3 ? { ...one, state: 'dead' as const } : one)),
  topics: [
    topic('orders', [{ ...healthy(1, 2, 3), isr: [1, 2], ...carries }]),
    topic('single', [{ replicas: [3], isr: [3], leader: null, ...carries }]),
  ],
})

const planIn = (name: string): Plan => parsePlan(readFileSync(at(name), 'utf8'), name)
const run = (...args: readonly string[]): Promise<Run> => runKlinic(args, { cwd: folder })

beforeAll(() => {
  writeFileSync(at('skewed.json'), formatSnapshot(skewed))
  writeFileSync(at('sick.json'), formatSnapshot(sick))
  const bare = cluster({ brokers, topics: [topic('orders', [healthy(1, 2), healthy(1, 3)])] })
  writeFileSync(at('bare.json'), formatSnapshot(bare))
})

describe('balance plan from a snapshot file', () => {
  it('writes the plan, exits 0 and names the next command', async () => {
    const made = await run('balance', 'plan', '--from-snapshot', 'skewed.json', '-o', 'b.json')
    expect(made.code).toBe(0)
    expect(made.stdout).toMatch(/^Plan balance-[0-9a-f]{8}: /)
    expect(made.stderr).toContain('Next: klinic reassign execute b.json')
    expect(planIn('b.json')).toMatchObject({ kind: 'balance', outcome: 'changes' })
  })

  it('exits 2 with --detailed-exitcode, prints the document with --json, the same bytes as the file', async () => {
    const made = await run(
      ...['balance', 'plan', '--from-snapshot', 'skewed.json', '--detailed-exitcode', '--json'],
      ...['-o', 'c.json', '--kafka-json', 'k.json'],
    )
    expect(made.code).toBe(2)
    expect(JSON.parse(made.stdout)).toEqual(planIn('c.json'))
    for (const name of ['k.json', 'k.json.rollback']) {
      expect(JSON.parse(readFileSync(at(name), 'utf8'))).toMatchObject({ version: 1 })
    }
  })

  it('finds out before it measures that the plan could not be written (64)', async () => {
    const lost = await run(
      ...['balance', 'plan', '-b', '127.0.0.1:1', '--observe', '60s', '-o', 'missing/b.json'],
    )
    expect(lost.code).toBe(64)
    expect(lost.stderr).toContain('missing/b.json cannot be written: there is no folder missing')
  })

  it('without any traffic is refused with exit 3 and a way out, and leaves no file', async () => {
    const refused = await run('balance', 'plan', '--from-snapshot', 'bare.json', '-o', 'no.json')
    expect(refused.code).toBe(3)
    expect(refused.stderr).toContain('--observe 60s')
    expect(existsSync(at('no.json'))).toBe(false)
  })

  it('plans what it can beside partitions without a leader, whose traffic nobody can know', async () => {
    const gone = { replicas: [3], isr: [3], leader: null }
    const beside = { ...skewed, topics: [...skewed.topics, topic('gone', [gone, gone])] }
    writeFileSync(at('beside.json'), formatSnapshot(beside))
    const made = await run('balance', 'plan', '--from-snapshot', 'beside.json')
    expect(made.code).toBe(0)
    expect(made.stdout).toContain('TRAFFIC_PARTLY_UNKNOWN')
  })

  it('refuses a wrong band as usage, and a file that is no snapshot as bad data', async () => {
    expect((await run('balance', 'plan', '--band', 'ten')).code).toBe(64)
    writeFileSync(at('newer.json'), '{"format":"klinic.snapshot/2"}')
    const newer = await run('balance', 'plan', '--from-snapshot', 'newer.json', '--json')
    expect(newer.code).toBe(65)
    expect(JSON.parse(newer.stdout)).toMatchObject({ error: { code: 'SNAPSHOT_NEWER' } })
  })
})

describe('heal plan from a snapshot file', () => {
  it('heals what has a live copy and names the data at risk', async () => {
    const made = await run('heal', 'plan', '--from-snapshot', 'sick.json', '-o', 'h.json')
    expect(made.code).toBe(0)
    expect(made.stdout).toContain('DATA_AT_RISK')
    expect(made.stdout).toContain('RACKS_SHARED')
    const plan = planIn('h.json')
    expect(plan.complete).toBe(false)
    expect(plan.steps).toMatchObject([{ topic: 'orders', from: [1, 2, 3], to: [1, 2, 4] }])
    expect(plan.deferred).toMatchObject([
      { subject: 'single-0', reason: { code: 'ONLY_COPY_LOST' } },
    ])
  })
})

describe('plan show, validate and diff', () => {
  it('show a plan, explain a partition, and print markdown', async () => {
    await run('balance', 'plan', '--from-snapshot', 'skewed.json', '-o', 'b.json')
    expect((await run('plan', 'show', 'b.json', '--full')).stdout).toContain(
      'Brokers, now -> after',
    )
    expect((await run('plan', 'show', 'b.json', '--format', 'markdown')).stdout).toMatch(/^## Plan/)
    const subject = `orders-${planIn('b.json').steps.map((s) => (s.type === 'restart' ? 0 : s.partition))[0] ?? 0}`
    const explained = await run('plan', 'show', 'b.json', '--explain', subject)
    expect(explained.stdout).toContain('why:')
  })

  it('validate exits 0 where it fits, 4 where it does not', async () => {
    await run('balance', 'plan', '--from-snapshot', 'skewed.json', '-o', 'b.json')
    expect((await run('plan', 'validate', 'b.json', '--from-snapshot', 'skewed.json')).code).toBe(0)
    const stale = await run('plan', 'validate', 'b.json', '--from-snapshot', 'sick.json', '--json')
    expect(stale.code).toBe(4)
    expect(JSON.parse(stale.stdout)).toMatchObject({ valid: false })
  })

  it('diff exits 0 for the same plan and takes a plan on stdin', async () => {
    await run('balance', 'plan', '--from-snapshot', 'skewed.json', '-o', 'b.json')
    const input = readFileSync(at('b.json'), 'utf8')
    const same = await runKlinic(['plan', 'diff', 'b.json', '-', '--detailed-exitcode'], {
      cwd: folder,
      input,
    })
    expect(same).toMatchObject({ code: 0 })
    expect(same.stdout).toContain('the same changes')
  })
})
