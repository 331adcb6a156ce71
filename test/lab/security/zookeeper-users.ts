import zookeeper from 'node-zookeeper-client'
import type { LabLayout } from '../options.js'
import { ALL_USERS } from './credentials.js'
import { scramCredential } from './scram.js'

const TIMEOUT_MS = 30_000
const SESSION = { sessionTimeout: 10_000, spinDelay: 200, retries: 5 }
const EMPTY = Buffer.alloc(0)

/** Writes the SCRAM credentials before the first broker starts: brokers log in to each other with them. */
export async function writeZookeeperUsers(lab: LabLayout): Promise<void> {
  const client = zookeeper.createClient(`127.0.0.1:${lab.quorumPort}`, SESSION)
  try {
    await withDeadline((done) => {
      client.once('connected', () => done(null))
      client.connect()
    })
    const nodes = [lab.chroot, '/config', '/users'].filter((name) => name !== '')
    let parent = ''
    for (const node of nodes) {
      parent += node
      const path = parent
      await withDeadline((done) => client.create(path, EMPTY, done))
    }
    for (const user of ALL_USERS) {
      const config = { 'SCRAM-SHA-512': scramCredential(user.password) }
      const data = Buffer.from(JSON.stringify({ version: 1, config }))
      await withDeadline((done) => client.create(`${parent}/${user.username}`, data, done))
    }
  } finally {
    client.close()
  }
}

/** node-zookeeper-client never reports that the server is gone: every call has a deadline of ours. */
function withDeadline(call: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('ZooKeeper does not answer')), TIMEOUT_MS)
    call((error) => {
      clearTimeout(timer)
      if (error === null || error === undefined) resolve()
      else reject(error instanceof Error ? error : new Error(JSON.stringify(error)))
    })
  })
}
