import { type Admin, Kafka, logLevel } from 'kafkajs'

import type { World } from './world.js'

/** Does something to topics as another operator would, with a client that is not klinic's. */
export async function asAdmin<T>(world: World, work: (admin: Admin) => Promise<T>): Promise<T> {
  const brokers = world.lab.bootstrapServers.split(',')
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

/** Deletes a topic and waits until the cluster knows it no more. */
export async function deleteTopic(world: World, topic: string): Promise<void> {
  await asAdmin(world, async (admin) => {
    await admin.deleteTopics({ topics: [topic] })
    while ((await admin.listTopics()).includes(topic))
      await new Promise((resolve) => setTimeout(resolve, 100))
  })
}
