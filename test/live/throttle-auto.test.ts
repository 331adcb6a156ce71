import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { ExecutionEvent } from '../../src/lib/execution/reassign/events.js'
import { THROTTLE_KEYS } from '../../src/lib/execution/reassign/throttle/entries.js'
import type { ExecutionReport } from '../../src/lib/plan/execution-report.js'
import type { Running } from '../klinic-process.js'
import { createTopic, startLab, type Lab } from '../lab/index.js'
import { startFrameProxy, type FrameProxy } from './frame-proxy.js'
import { fill, look, start, until, type Looked } from './reassign-support.js'

const BASE_PORT = 24_600
const PROXY_PORT = 24_650
const BROKERS = [1, 2, 3]
/** ListOffsets and DescribeLogDirs: without their answers nobody knows what clients do. */
const MEASURING = [2, 35]
const PARTITIONS = [0, 1, 2]
const MEGABYTES = 30
const LEAST = '1.00 MB/s'
const AUTO = ['--throttle', 'auto', '--throttle-min', '1MB', '--throttle-max', '20MB']
/** Slow enough for some looks of 8 s, which take longer where the machine is short of time. */
const LIMITS = ['--in-limit', '3MB', '--out-limit', '3MB']
const SOON_MS = 150_000

type Line = ExecutionEvent | { readonly type: 'report'; readonly report: ExecutionReport }

/** What an operator was told of the throttle, in order. */
function throttleLines({ stdout }: Running): readonly string[] {
  const lines = stdout().split('\n').slice(0, -1)
  return lines
    .map((line) => JSON.parse(line) as Line)
    .flatMap((line) => (line.type === 'note' && line.code === 'THROTTLE' ? [line.text] : []))
}

/** The rate that was told last; null before the first. */
const rateOf = (running: Running): string | null =>
  throttleLines(running)
    .flatMap((text) => /^throttle (?:.* -> )?([\d.]+ MB\/s): /.exec(text)?.[1] ?? [])
    .at(-1) ?? null

describe('an automatic throttle on a real cluster', { timeout: 600_000 }, () => {
  let lab: Lab
  let cluster: Looked
  let proxies: readonly FrameProxy[] = []
  let isBlind = false

  beforeAll(async () => {
    const loses = (apiKey: number): boolean => isBlind && MEASURING.includes(apiKey)
    proxies = await Promise.all(
      BROKERS.map((id) => startFrameProxy(PROXY_PORT + id, BASE_PORT + id, loses)),
    )
    lab = await startLab({
      mode: 'kraft',
      brokers: BROKERS.length,
      basePort: BASE_PORT,
      advertisedPorts: Object.fromEntries(BROKERS.map((id) => [id, PROXY_PORT + id])),
    })
    cluster = await look(`127.0.0.1:${PROXY_PORT + 1}`)
  })
  afterAll(async () => {
    await cluster.close()
    await lab.down()
    await Promise.all(proxies.map((proxy) => proxy.close()))
  })

  it('takes what there is to spare, the least while nothing can be measured, more again after that, and leaves nothing', async ({
    task,
  }) => {
    const topic = `orders-${task.result?.retryCount ?? 0}`
    await createTopic(
      lab,
      topic,
      PARTITIONS.map(() => [1]),
    )
    const at = `127.0.0.1:${PROXY_PORT + 1}`
    await fill(at, topic, PARTITIONS, MEGABYTES)
    const lists = PARTITIONS.map((partition) => ({ topic, partition, replicas: [3] }))
    const file = await cluster.planFile(`${topic}.json`, lists)
    const words = [
      'reassign',
      'execute',
      file,
      '--bootstrap-server',
      at,
      '--confirm',
      lab.clusterId,
    ]
    const running = start([...words, ...AUTO, ...LIMITS, '--json-events'])
    const becomes = (what: string, check: () => boolean): Promise<void> =>
      until(what, SOON_MS, () => {
        if (running.child.exitCode !== null) throw new Error(`${what}: it ended before that`)
        return check()
      })
    try {
      await becomes('a rate above the least', () => ![null, LEAST].includes(rateOf(running)))
      isBlind = true
      await becomes('the least', () => rateOf(running) === LEAST)
      isBlind = false
      await becomes('a rate above the least again', () => rateOf(running) !== LEAST)
    } finally {
      isBlind = false
    }
    const { code, stderr } = await running.ended
    expect(stderr + String(code)).toMatch(/0$/)
    const lines = throttleLines(running)
    expect(lines.join('\n')).toContain(`-> ${LEAST}: the cluster could not be measured`)
    expect(lines.join('\n')).toContain(': nothing hurts and there is room')
    const rates = lines.flatMap((text) =>
      [...text.matchAll(/([\d.]+) MB\/s(?:: | ->)/g)].map(([, rate]) => Number(rate)),
    )
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1)
    expect(Math.max(...rates)).toBeLessThanOrEqual(3)
    expect((await cluster.state()).throttles).toEqual([])
    const [configs] = await cluster.reader.readConfigs(
      [{ type: 'topic', name: topic }],
      Object.values(THROTTLE_KEYS),
    )
    expect(configs?.values.filter(({ source }) => source === 'DYNAMIC_TOPIC')).toEqual([])
  })
})
