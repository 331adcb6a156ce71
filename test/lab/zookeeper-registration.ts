import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LabLayout } from './options.js'

/**
 * Waits until ZooKeeper has forgotten the broker's last session: a killed broker's registration outlives
 * it by the session timeout, and a new process that finds it there gives up.
 */
export async function waitUnregistered(
  lab: LabLayout,
  brokerId: number,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  const node = `${lab.chroot}/brokers/ids/${brokerId}`
  while ((await ephemeralNodes(lab)).includes(node)) {
    if (Date.now() > deadline) throw new Error(`${node} is still there after ${timeoutMs} ms`)
    await sleep(200)
  }
}

/** ZooKeeper's four-letter word `dump` lists the ephemeral nodes of every session. */
async function ephemeralNodes({
  quorumHost: host,
  quorumPort: port,
}: LabLayout): Promise<string[]> {
  const socket = createConnection({ host, port })
  socket.setTimeout(5_000, () => socket.destroy(new Error('ZooKeeper does not answer')))
  socket.write('dump')
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
}
