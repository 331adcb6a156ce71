import { existsSync, renameSync } from 'node:fs'

import { isBeingReassigned } from '../../src/lib/model/partition-state.js'
import { createTopics, type Lab } from '../lab/index.js'
import type { Ward } from './heal-support.js'

/** Of a whole cluster that has to come back while other tests share two cores with it. */
const PATIENCE_MS = 240_000

/** What a scenario starts from; everything that is not named is to be well. */
export interface Need {
  readonly dead?: readonly number[]
}

/** The path that a lost log directory has meanwhile. */
export const lostPath = (path: string): string => `${path}-gone`

/**
 * Brings a cluster to where a scenario starts from, whatever the one before it left behind, itself at an earlier try
 * included: so each scenario can be run by itself, in any order, and again. Costs nothing where all is as it should be.
 */
export function needs(
  lab: Lab,
  ward: Ward,
  lists: Readonly<Record<string, readonly (readonly number[])[]>>,
): (need?: Need) => Promise<void> {
  return async ({ dead = [] } = {}) => {
    const isAsNeeded = lab.brokers.every(
      ({ id, state }) => state === (dead.includes(id) ? 'gone' : 'running'),
    )
    const isLaidOut = async (): Promise<boolean> => hasLists(ward, lists)
    if (!isAsNeeded || !(await isLaidOut()) || lostDirs(lab).length > 0) await reviveAll(lab)
    await clearThrottles(ward)
    if (!(await isLaidOut())) {
      await ward.untilWhole(PATIENCE_MS)
      await layOut(lab, ward, lists)
      await ward.until('the lists are as at the start', PATIENCE_MS, isLaidOut)
    }
    // Whoever is killed next has to have caught up before, too.
    const gone = lab.brokers.filter(({ state }) => state === 'gone').map(({ id }) => id)
    await ward.untilWholeBut(gone, PATIENCE_MS)
    await ward.electPreferred()
    for (const { id, state } of lab.brokers) {
      if (dead.includes(id) && state !== 'gone') await lab.kill(id)
    }
    for (const id of dead) {
      await ward.until(`broker ${id} is missed`, PATIENCE_MS, async () => !(await ward.lists(id)))
    }
    await ward.untilWholeBut(dead, PATIENCE_MS)
  }
}

const lostDirs = (lab: Lab): readonly { readonly broker: number; readonly path: string }[] =>
  lab.brokers.flatMap(({ id, logDirs }) =>
    logDirs.filter((path) => existsSync(lostPath(path))).map((path) => ({ broker: id, path })),
  )

async function reviveAll(lab: Lab): Promise<void> {
  for (const { broker, path } of lostDirs(lab)) {
    if (lab.brokers.some(({ id, state }) => id === broker && state !== 'gone')) {
      await lab.kill(broker)
    }
    if (!existsSync(path)) renameSync(lostPath(path), path)
  }
  for (const { id, state } of lab.brokers) {
    if (state === 'paused') lab.resume(id)
    if (state === 'gone') await lab.start(id)
  }
  await lab.waitReady()
}

async function clearThrottles(ward: Ward): Promise<void> {
  const { throttles = [] } = await ward.cluster.state()
  const changes = throttles.map(({ resource: type, name, key }) => ({
    resource: { type, name },
    name: key,
    op: 'delete' as const,
  }))
  if (changes.length > 0) await ward.cluster.writer.alterConfigs(changes)
}

/**
 * Whether the lists are as wanted, and no move is left in flight: one that is adding a broker has its new list already,
 * and when that broker is killed then, it never ends, and healing rightly leaves its partition alone.
 */
async function hasLists(
  ward: Ward,
  lists: Readonly<Record<string, readonly (readonly number[])[]>>,
): Promise<boolean> {
  const { topics } = await ward.cluster.snapshot()
  return Object.entries(lists).every(([name, wanted]) => {
    const topic = topics.find((one) => one.name === name)
    const found = topic?.partitions.toSorted((a, b) => a.id - b.id)
    return (
      JSON.stringify(found?.map(({ replicas }) => replicas)) === JSON.stringify(wanted) &&
      found?.some(isBeingReassigned) === false
    )
  })
}

async function layOut(
  lab: Lab,
  ward: Ward,
  lists: Readonly<Record<string, readonly (readonly number[])[]>>,
): Promise<void> {
  const { topics } = await ward.cluster.snapshot()
  const known = new Set(topics.map(({ name }) => name))
  const absent = Object.entries(lists).filter(([name]) => !known.has(name))
  // With ZooKeeper a topic is created with one replication factor, so further replicas come by reassignment.
  const first = (assignment: readonly (readonly number[])[]): number[][] =>
    assignment.map((list) => list.slice(0, 1))
  if (absent.length > 0) {
    await createTopics(
      lab,
      absent.map(([name, assignment]) => ({ name, assignment: first(assignment) })),
    )
  }
  const requests = Object.entries(lists).flatMap(([topic, wanted]) =>
    wanted.map((replicas, partition) => ({
      topic,
      partition,
      replicas,
      allowReplicationFactorChange: true,
    })),
  )
  await ward.cluster.writer.submitReassignments(requests)
}
