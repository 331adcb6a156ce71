import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { Kafka, logLevel } from 'kafkajs'

import type { Plan } from '../../../src/lib/plan/plan.js'
import type { CheckDocument } from '../../../src/lib/report/status/check-document.js'
import { createTopics, startLab, type LabMode } from '../../lab/index.js'
import { openWard } from '../../live/heal-support.js'

const SOON_MS = 180_000
const PORTS = { kraft: 23_400, zookeeper: 23_500 } as const
/** What broker 3 can take in from now on, and what it would have to. Bytes per second. */
const CAP = 500_000
const NEEDED = 1_500_000

/** A follower whose cable carries less than its leader gets: the reason is saturation, and nothing moves. */
export async function saturation(mode: LabMode): Promise<void> {
  const brokerConfig = { 'replica.lag.time.max.ms': '10000' }
  const lab = await startLab({
    mode,
    brokers: 3,
    racks: 3,
    basePort: PORTS[mode],
    network: {},
    brokerConfig,
  })
  try {
    await createTopics(lab, [{ name: 'hot', assignment: [[1, 3]] }])
    const ward = await openWard(lab)
    const load = await startPump(lab.bootstrapServers.split(','), 'hot')
    try {
      await lab.limit(3, CAP)
      await ward.until(
        'the follower falls behind',
        SOON_MS,
        async () => !(await ward.isWhole(['hot'])),
      )
      const limits = ['--in-limit', '1MB/s', '--out-limit', '100MB/s', '--observe', '10s', '--json']
      const before = await ward.cluster.state()
      const checked = await ward.klinic('cluster', 'check', ...limits)
      const { reasons } = JSON.parse(checked.stdout) as CheckDocument
      const why = reasons.find(({ partitions }) => partitions.includes('hot-0'))
      assert.deepEqual(
        [checked.code, why?.cause.code, why?.cause.blamed],
        [3, 'FOLLOWER_NETWORK_SATURATED', 3],
      )
      console.log(`        ${why?.cause.text ?? ''}`)
      const planned = await ward.klinic('heal', 'plan', ...limits)
      assert.equal(planned.code, 3, planned.stderr)
      assert.deepEqual((JSON.parse(planned.stdout) as Plan).steps, [])
      assert.deepEqual(ward.blockers(planned), ['FOLLOWER_NETWORK_SATURATED'])
      assert.deepEqual(await ward.cluster.state(), before)
    } finally {
      await load.stop()
      await ward.close()
    }
  } finally {
    await lab.down()
  }
}

/** Writes without waiting for followers: a producer with acks=all would slow down with them, and nothing would fall behind. */
async function startPump(
  brokers: string[],
  topic: string,
): Promise<{ readonly stop: () => Promise<void> }> {
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer()
  await producer.connect()
  let isOn = true
  const pump = async (): Promise<void> => {
    while (isOn) {
      const begun = Date.now()
      const messages = [{ partition: 0, value: randomBytes(NEEDED / 2) }]
      await producer.send({ topic, messages, acks: 1 })
      await sleep(Math.max(0, begun + 500 - Date.now()))
    }
  }
  const running = pump()
  return {
    stop: async () => {
      isOn = false
      await running
      await producer.disconnect()
    },
  }
}
