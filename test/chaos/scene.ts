import { Kafka, logLevel } from 'kafkajs'

import type { ConfigChange } from '../../src/lib/ports/cluster-writer.js'
import { createTopics, type Lab } from '../lab/index.js'
import { fill, until, type Looked } from '../live/reassign-support.js'
import { SPREAD_LISTS } from './moves.js'
import { pick, type Random } from './random.js'

/** A broker's throttle that is somebody else's, and that stands there before and after. */
export const FOREIGN_BROKER = '4'
const FOREIGN_RATE = '123456789'
const FAT_PARTITIONS = 6
const FAT_MEGABYTES = 3

/**
 * What stands on the cluster before anything is moved: a topic of many partitions, some of them with data to copy, one
 * that nobody moves, and settings of all kinds that other people made.
 */
export async function setScene(
  lab: Lab,
  cluster: Looked,
  topic: string,
  { partitions, random }: { readonly partitions: number; readonly random: Random },
): Promise<void> {
  const bystander = `${topic}-bystander`
  await beInUse(lab)
  const assignment = Array.from({ length: partitions }, () => pick(random, SPREAD_LISTS))
  const configs = {
    'retention.ms': '7200000',
    'min.insync.replicas': '2',
    'segment.ms': '600000',
    'message.timestamp.type': 'CreateTime',
  }
  await createTopics(lab, [
    { name: topic, assignment, configs },
    { name: bystander, assignment: [[1, 2]], configs: { 'retention.bytes': '50000000' } },
  ])
  await settings(cluster, bystander)
  const fat = Array.from({ length: Math.min(FAT_PARTITIONS, partitions) }, (_, id) => id)
  await fill(lab.bootstrapServers, topic, fat, FAT_MEGABYTES)
}

/** Has Kafka make its topic of consumer groups, with its settings, as it does for the first of them, or for the first lock. */
async function beInUse(lab: Lab): Promise<void> {
  const brokers = lab.bootstrapServers.split(',')
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    // Its coordinator is named before it knows that it is one.
    await until('a group has its coordinator', 60_000, () =>
      admin.fetchOffsets({ groupId: 'in-use' }).then(
        () => true,
        () => false,
      ),
    )
  } finally {
    await admin.disconnect()
  }
}

async function settings(cluster: Looked, bystander: string): Promise<void> {
  const set = (
    type: 'topic' | 'broker',
    name: string,
    key: string,
    value: string,
  ): ConfigChange => ({
    resource: { type, name },
    name: key,
    op: 'set',
    value,
  })
  const answers = await cluster.writer.alterConfigs([
    set('broker', FOREIGN_BROKER, 'leader.replication.throttled.rate', FOREIGN_RATE),
    set('topic', bystander, 'leader.replication.throttled.replicas', '0:1'),
    set('topic', bystander, 'follower.replication.throttled.replicas', '0:2'),
    set('broker', '1', 'log.cleaner.backoff.ms', '14000'),
    set('broker', '2', 'background.threads', '3'),
    set('broker', '3', 'message.max.bytes', '1048600'),
    set('broker', '', 'log.retention.ms', '86400000'),
  ])
  for (const { resource, outcome } of answers)
    if (outcome.status !== 'ok')
      throw new Error(`${resource.type} ${resource.name}: ${outcome.message}`)
}
