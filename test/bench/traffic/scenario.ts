import { createTopic, type Lab } from '../../lab/index.js'
import type { LoadSpec } from '../../lab/load/spec.js'

/** Everything that makes traffic hard to measure, at rates that two cores can carry. */
export const scenario: LoadSpec = {
  produce: [
    {
      topic: 'hot',
      bytesInPerSec: [700_000, 200_000, 70_000, 30_000],
      recordBytes: [200, 2000],
      burst: { everySec: 23, lengthSec: 6, factor: 3 },
    },
    {
      topic: 'zipped',
      bytesInPerSec: [150_000, 60_000],
      recordBytes: [300, 1500],
      compression: 'gzip',
    },
    { topic: 'compacted', bytesInPerSec: [200_000, 100_000], recordBytes: [500, 1500], keys: 500 },
    { topic: 'cut', bytesInPerSec: [400_000, 150_000], recordBytes: [400, 1600] },
    { topic: 'backlog', bytesInPerSec: [300_000], recordBytes: [300, 1200] },
    { topic: 'idle', bytesInPerSec: [500] },
  ],
  consume: [
    { name: 'hot-quick', topic: 'hot', commitEverySec: 1 },
    { name: 'hot-every-20s', topic: 'hot', commitEverySec: 20 },
    { name: 'hot-never-commits', topic: 'hot', partitions: [1], commits: false },
    { name: 'zipped-group', topic: 'zipped' },
    { name: 'compacted-group', topic: 'compacted' },
    { name: 'cut-group', topic: 'cut' },
    { name: 'far-behind', topic: 'backlog', from: 'earliest', maxBytesPerSec: 120_000 },
    {
      name: 'rewinds',
      topic: 'backlog',
      rewind: { everySec: 67, records: 12_000 },
      maxBytesPerSec: 700_000,
    },
  ],
}

/** The topics of the scenario on a lab of three brokers. */
export async function createScenarioTopics(lab: Lab): Promise<void> {
  const spread = [
    [1, 2],
    [2, 3],
    [3, 1],
    [1, 3],
  ]
  await createTopic(lab, 'hot', spread, {})
  await createTopic(lab, 'zipped', spread.slice(1, 3), {})
  await createTopic(lab, 'compacted', spread.slice(0, 2), {
    'cleanup.policy': 'compact',
    'segment.bytes': '1048576',
    'min.cleanable.dirty.ratio': '0.1',
  })
  await createTopic(lab, 'cut', spread.slice(2, 4), {
    'retention.bytes': '6291456',
    'segment.bytes': '1048576',
  })
  await createTopic(lab, 'backlog', spread.slice(1, 2), {})
  await createTopic(lab, 'idle', spread.slice(0, 1), {})
}

/** Broker settings that make retention and cleaning happen within the window. */
export const brokerConfig: Readonly<Record<string, string>> = {
  'log.retention.check.interval.ms': '5000',
  'log.cleaner.backoff.ms': '3000',
}
