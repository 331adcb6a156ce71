import assert from 'node:assert/strict'

import { Kafka, logLevel } from 'kafkajs'

import type { Plan } from '../../../src/lib/plan/plan.js'
import { listAfter, partitionSteps } from '../../../src/lib/plan/step-lists.js'
import type { CheckDocument } from '../../../src/lib/report/status/check-document.js'
import { createTopics, startLab, type LabMode } from '../../lab/index.js'
import { openWard, type Ward } from '../../live/heal-support.js'

const SOON_MS = 180_000
const PORTS = { kraft: 23_600, zookeeper: 23_700 } as const
const [A, B, C, D] = [7, 128, 40_000, 70_000] as const
/** Replication factors that differ within a topic; with ZooKeeper it cannot be created so. */
const MIXED = [[A], [B, D], [D, C, A], [C, B]]

/**
 * What real clusters are like: ids of any size, no racks, replication factors that differ within a topic, a reassignment
 * that another tool left half finished, and a topic that is deleted between the plan and its execution.
 */
export async function oddities(mode: LabMode): Promise<void> {
  const brokerIds = [A, B, C, D]
  const lab = await startLab({ mode, brokerIds, basePort: PORTS[mode], heapMb: 256 })
  try {
    await createTopics(lab, [
      { name: 'mixed', assignment: MIXED.map((list) => list.slice(0, 1)) },
      { name: 'theirs', assignment: [[B, C]] },
      { name: 'doomed', assignment: [[C, D]] },
    ])
    const ward = await openWard(lab)
    try {
      await ward.cluster.writer.submitReassignments(
        MIXED.map((replicas, partition) => ({
          topic: 'mixed',
          partition,
          replicas,
          allowReplicationFactorChange: true,
        })),
      )
      await ward.untilWhole(SOON_MS)
      await collectOnce(ward)
      // Another tool moves a replica to a broker that hangs and then dies: it never gets done.
      lab.pause(D)
      const half = { topic: 'theirs', partition: 0, allowReplicationFactorChange: true }
      await ward.cluster.writer.submitReassignments([{ ...half, replicas: [B, D] }])
      await lab.kill(D)
      await ward.until('it is missed', SOON_MS, async () => !(await ward.lists(D)))
      const file = ward.file('odd.json')
      const now = ['heal', 'plan', '--min-dead-for', '0s', '--json']
      const planned = await ward.klinic(...now, '--output', file)
      assert.equal(planned.code, 0, planned.stderr)
      const plan = JSON.parse(planned.stdout) as Plan
      const found = partitionSteps(plan.steps)
        .filter(({ topic }) => topic !== 'klinic.stats')
        .map((step) => `${step.topic}-${step.partition} ${listAfter(step).length}`)
      assert.deepEqual(found, ['doomed-0 2', 'mixed-1 2', 'mixed-2 3'])
      for (const list of partitionSteps(plan.steps).map(listAfter)) {
        assert.equal(list.includes(D), false)
        assert.equal(new Set(list).size, list.length)
      }
      await deleteTopic(lab.bootstrapServers, 'doomed')
      await ward.until('the topic is gone', SOON_MS, async () => {
        const { topics } = await ward.cluster.snapshot()
        return topics.every(({ name }) => name !== 'doomed')
      })
      const stale = await ward.execute(file)
      assert.equal(stale.code, 4, stale.stderr)
      assert.match(stale.stderr, /no topic doomed/)
      const beside = await ward.execute(file, '--skip-changed')
      assert.equal(beside.code, 75, beside.stderr)
      assert.match(beside.stderr, /theirs-0/)
      const ran = await ward.execute(file, '--skip-changed', '--additional')
      assert.equal(ran.code, 0, ran.stderr)
      await ward.until('mixed is whole', SOON_MS, () => ward.isWhole(['mixed']))
      const { lists } = await ward.cluster.state()
      assert.match(lists['theirs-0'] ?? '', new RegExp(`\\b${D}\\b`), 'theirs was left alone')
      // The other tool takes its move back: nothing of the dead broker is left to heal.
      await ward.cluster.writer.submitReassignments([{ ...half, replicas: [B, C] }])
      await ward.until('the other move is over', SOON_MS, () => ward.isWhole(['mixed', 'theirs']))
      const done = await ward.klinic(...now)
      assert.equal(done.code, 0, done.stderr)
      assert.deepEqual(stepsOn(JSON.parse(done.stdout) as Plan, ['mixed', 'theirs']), [])
    } finally {
      await ward.close()
    }
  } finally {
    await lab.down()
  }
}

/** A collector that looked once and is off since then says nothing against a broker. */
async function collectOnce(ward: Ward): Promise<void> {
  const once = ['stats', 'collect', '--once', '--interval', '10s', '--create-topic']
  const collected = await ward.klinic(...once)
  assert.equal(collected.code, 0, collected.stderr)
  const checked = await ward.klinic('cluster', 'check', '--json')
  assert.equal(checked.code, 0, checked.stdout)
  for (const { verdict, signals } of (JSON.parse(checked.stdout) as CheckDocument).brokers) {
    assert.equal(verdict, 'alive')
    assert.match(signals.find(({ name }) => name === 'sample')?.text ?? '', /^newest sample /)
  }
}

/** Executions make Kafka create topics of its own, which have nothing to do with this. */
const stepsOn = ({ steps }: Plan, topics: readonly string[]): readonly string[] =>
  partitionSteps(steps)
    .filter(({ topic }) => topics.includes(topic))
    .map(({ topic, partition }) => `${topic}-${partition}`)

async function deleteTopic(bootstrapServers: string, topic: string): Promise<void> {
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  await admin.deleteTopics({ topics: [topic] })
  await admin.disconnect()
}
