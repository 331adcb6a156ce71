import zookeeper from 'node-zookeeper-client'
import type { LabLayout } from '../options.js'
import { ALL_USERS } from './credentials.js'
import { scramCredential } from './scram.js'

const ATTEMPTS = 6
const TIMEOUT_MS = 5_000
const SESSION = { sessionTimeout: 10_000, spinDelay: 200, retries: 5 }
const NODE_EXISTS = -110

/**
 * Writes the SCRAM credentials before the first broker starts: brokers log in to each other with them. A
 * ZooKeeper that has just opened its port may swallow the first session, and the client never notices.
 */
export async function writeZookeeperUsers(lab: LabLayout): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await writeOnce(lab)
      return
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
    }
  }
}

async function writeOnce(lab: LabLayout): Promise<void> {
  const client = zookeeper.createClient(`${lab.quorumHost}:${lab.quorumPort}`, SESSION)
  const create = (path: string, text: string): Promise<void> =>
    withDeadline((done) => client.create(path, Buffer.from(text), done))
  try {
    await withDeadline((done) => {
      client.once('connected', () => done(null))
      client.connect()
    })
    let parent = ''
    for (const node of [lab.chroot, '/config', '/users'].filter((name) => name !== '')) {
      parent += node
      await create(parent, '')
    }
    for (const user of ALL_USERS) {
      const config = { 'SCRAM-SHA-512': scramCredential(user.password) }
      await create(`${parent}/${user.username}`, JSON.stringify({ version: 1, config }))
    }
  } finally {
    client.close()
  }
}

type Done = (error: (Error & { readonly code?: number }) | null) => void

function withDeadline(call: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('ZooKeeper does not answer')), TIMEOUT_MS)
    call((error) => {
      clearTimeout(timer)
      if (error === null || error.code === NODE_EXISTS) resolve()
      else reject(error)
    })
  })
}
