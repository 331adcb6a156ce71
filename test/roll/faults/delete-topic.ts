import { Kafka, logLevel } from 'kafkajs'

import type { Lab } from '../../lab/index.js'
import { until } from '../../live/reassign-support.js'
import { readOnce } from '../stage.js'

/** Deletes a topic and waits until nobody tells of it any more. */
export async function deleteTopic(lab: Lab, topic: string): Promise<void> {
  const kafka = new Kafka({ brokers: lab.bootstrapServers.split(','), logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  await admin.deleteTopics({ topics: [topic] })
  await admin.disconnect()
  await until(`topic ${topic} is gone`, 60_000, async () =>
    (await readOnce(lab)).topics.every(({ name }) => name !== topic),
  )
}
