import zookeeper from 'node-zookeeper-client'

import type { ZooKeeperSession } from './session.js'
import { ZK } from './zookeeper-errors.js'

/** A node with what is known of it. */
export interface CoordinationNode {
  readonly data: Buffer
  /** Transaction that made it, as 16 hexadecimal digits: another node of the same path has another one. */
  readonly madeBy: string
  readonly version: number
  readonly changedAtMs: number
}

/** Null where there is no such node. */
export function readNode(
  session: ZooKeeperSession,
  path: string,
): Promise<CoordinationNode | null> {
  return session.request<CoordinationNode>(`read ${path}`, (client, done) => {
    client.getData(path, (error, data, stat) => {
      if (error !== null || stat === undefined) done(error)
      else {
        done(null, {
          data: data ?? Buffer.alloc(0),
          madeBy: stat.czxid.toString('hex'),
          version: stat.version,
          changedAtMs: Number(stat.mtime.readBigInt64BE(0)),
        })
      }
    })
  })
}

/** False when there is one already. `ephemeral`: it goes with our session. The parent must be there. */
export async function createNode(
  session: ZooKeeperSession,
  path: string,
  data: Buffer,
  ephemeral: boolean,
): Promise<boolean> {
  const { CREATOR_ALL_ACL, OPEN_ACL_UNSAFE } = zookeeper.ACL
  const acls = session.hasLogin ? CREATOR_ALL_ACL : OPEN_ACL_UNSAFE
  const { EPHEMERAL, PERSISTENT } = zookeeper.CreateMode
  const made = await session.request<boolean>(`make ${path}`, (client, done) => {
    client.create(path, data, acls, ephemeral ? EPHEMERAL : PERSISTENT, (error) => {
      if (error?.code === ZK.nodeExists) done(null, false)
      else done(error, true)
    })
  })
  return made === true
}

/** Makes a node and all above it, where they are missing. */
export async function ensurePath(session: ZooKeeperSession, path: string): Promise<void> {
  const parts = path.split('/').filter((part) => part !== '')
  for (let length = 1; length <= parts.length; length++) {
    await createNode(session, `/${parts.slice(0, length).join('/')}`, Buffer.alloc(0), false)
  }
}

/** False when there is no such node. */
export async function changeNode(
  session: ZooKeeperSession,
  path: string,
  data: Buffer,
): Promise<boolean> {
  const changed = await session.request<boolean>(`change ${path}`, (client, done) => {
    client.setData(path, data, (error) => done(error, true))
  })
  return changed === true
}

/** Removes a node, in the version given only, where one is; one that is not there is no error. */
export async function removeNode(
  session: ZooKeeperSession,
  path: string,
  version = -1,
): Promise<void> {
  await session.request<boolean>(`remove ${path}`, (client, done) => {
    // The library leaves the error out altogether when there is none.
    client.remove(path, version, (error: Parameters<typeof done>[0] | undefined) =>
      done(error ?? null, true),
    )
  })
}

/** Names of the children, sorted; empty where there is no such node. */
export async function listNodes(
  session: ZooKeeperSession,
  path: string,
): Promise<readonly string[]> {
  const children = await session.request<string[]>(`list ${path}`, (client, done) => {
    client.getChildren(path, (error, names) => done(error, names))
  })
  return (children ?? []).toSorted((a, b) => (a < b ? -1 : 1))
}
