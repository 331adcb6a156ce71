import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Plan } from '../../src/lib/plan/plan.js'
import { runKlinic, type Run } from '../commands/run-klinic.js'
import type { Lab, Load } from '../lab/index.js'
import { createTopic, startLab, startLoad } from '../lab/index.js'

describe('the main job behind TLS and SCRAM-SHA-512', () => {
  const folder = mkdtempSync(join(tmpdir(), 'klinic-secured-'))
  const planFile = join(folder, 'plan.json')
  let lab: Lab
  let load: Load

  beforeAll(async () => {
    lab = await startLab({ mode: 'kraft', brokers: 3, basePort: 23_140, logDirs: 1, secured: true })
    await createTopic(
      lab,
      'orders',
      Array.from({ length: 6 }, (_, partition) => [1, 2 + (partition % 2)]),
    )
    const bytesInPerSec = [60, 50, 50, 40, 40, 40].map((kilobytes) => kilobytes * 1_000)
    load = await startLoad(lab, {
      produce: [{ topic: 'orders', bytesInPerSec }],
      consume: [{ name: 'billing', topic: 'orders', commitEverySec: 1 }],
    })
  })

  afterAll(async () => {
    await load.stop()
    await lab.down()
    rmSync(folder, { recursive: true, force: true })
  })

  const klinic = (...args: readonly string[]): Promise<Run> =>
    runKlinic([
      ...args,
      '--bootstrap-server',
      lab.bootstrapServers,
      '--command-config',
      lab.clientProperties ?? '',
    ])

  it('collects samples, plans from them, and carries the plan out', async () => {
    const collected = await klinic(
      'stats',
      'collect',
      '--create-topic',
      '--once',
      '--interval',
      '10s',
    )
    expect(collected.code, collected.stderr).toBe(0)
    const planned = await klinic('balance', 'plan', '--band', '20%', '--output', planFile)
    expect(planned.code, planned.stderr).toBe(0)
    const plan = JSON.parse(readFileSync(planFile, 'utf8')) as Plan
    expect(plan.outcome).toBe('changes')
    const executed = await klinic('reassign', 'execute', planFile, '--confirm', plan.cluster.id)
    expect(executed.code, executed.stderr).toBe(0)
    const valid = await klinic('plan', 'validate', planFile, '--json')
    expect(valid.stdout).toContain('ALREADY_DONE')
  })
})
