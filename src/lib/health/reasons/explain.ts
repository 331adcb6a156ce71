import { inSyncReplicas } from '../../model/partition-state.js'
import type { Broker, Partition, ThrottleEntry } from '../../model/snapshot.js'
import type { BrokerVerdict, JudgedBroker } from '../verdict/judge-broker.js'
import type { Cause, ReasonCode } from './reason.js'
import { describeMeasured, type SaturationOf } from './saturation.js'
import { throttlesOn } from './throttled.js'

/** What is looked at to explain one replica. */
export interface Scene {
  readonly topic: string
  readonly partition: Partition
  readonly brokers: ReadonlyMap<number, Broker>
  readonly verdicts: ReadonlyMap<number, JudgedBroker>
  readonly saturation: SaturationOf
  readonly throttles: readonly ThrottleEntry[]
}

/** One explanation: the cause, or null when it does not hold for this replica. */
type Rule = (replica: number, scene: Scene) => Cause | null

const verdictOf = (id: number, { verdicts }: Scene): BrokerVerdict =>
  verdicts.get(id)?.verdict ?? 'dead'

const GONE: ReadonlySet<BrokerVerdict> = new Set(['dead', 'hung'])

/** A cause that lies with a broker, with its verdict and since when. */
function blame(code: ReasonCode, id: number, { verdicts }: Scene): Cause {
  const judged = verdicts.get(id)
  return {
    code,
    blamed: id,
    text: judged?.text ?? `broker ${id} is not in the cluster`,
    ...(judged?.since !== undefined && { since: judged.since }),
  }
}

const reassignment: Rule = (replica, { partition }) => {
  const { adding, removing } = partition
  if (adding?.includes(replica) === true) {
    const text = `a reassignment in flight is adding broker ${replica}`
    return { code: 'REASSIGNMENT_IN_PROGRESS', blamed: replica, text }
  }
  if (removing?.includes(replica) !== true) return null
  const text = `a reassignment in flight is removing broker ${replica}`
  return { code: 'REASSIGNMENT_IN_PROGRESS', blamed: replica, text }
}

/** Whether the replica lay in a directory that has failed: the cluster says so, or no sound directory lists it. */
function isInFailedDir(replica: number, { partition, brokers }: Scene): boolean {
  if (partition.offlineReplicas?.includes(replica) === true) return true
  const dirs = brokers.get(replica)?.logDirs ?? []
  const failed = dirs.filter(({ error }) => error !== undefined).map(({ path }) => path)
  if (failed.length === 0 || partition.logDirs === undefined) return false
  const path = partition.logDirs[partition.replicas.indexOf(replica)] ?? null
  return path === null || failed.includes(path)
}

const hardware: Rule = (replica, scene) => {
  if (scene.brokers.get(replica)?.state === 'dead' || !isInFailedDir(replica, scene)) return null
  const dirs = scene.brokers.get(replica)?.logDirs ?? []
  const failed = dirs.find(({ error }) => error !== undefined)
  const which = failed === undefined ? 'a log directory' : `log directory ${failed.path}`
  const error = failed?.error === undefined ? '' : ` (${failed.error})`
  const text = `${which} of broker ${replica} has failed${error}`
  return { code: 'DEGRADED_HARDWARE', blamed: replica, text }
}

/** A partition without a leader: which brokers hold what it needs, and what has become of them. */
const noLeader: Rule = (replica, scene) => {
  const { partition, brokers } = scene
  if (partition.leader !== null) return null
  const synced = inSyncReplicas(partition, brokers)
  const needed = synced.length > 0 ? synced : partition.replicas
  const restarting = needed.find((id) => verdictOf(id, scene) === 'restarting')
  if (restarting !== undefined) return blame('RESTART_IN_PROGRESS', restarting, scene)
  const gone = needed.filter((id) => verdictOf(id, scene) !== 'alive')
  const [first] = gone
  const why =
    first === undefined
      ? `broker ${needed.join(', ')} is in sync and alive, and nobody was elected`
      : gone.map((id) => scene.verdicts.get(id)?.text ?? `broker ${id} is gone`).join('; ')
  return { code: 'NO_LEADER', blamed: first ?? replica, text: `no leader: ${why}` }
}

const follower: Rule = (replica, scene) => {
  const verdict = verdictOf(replica, scene)
  if (verdict === 'restarting') return blame('RESTART_IN_PROGRESS', replica, scene)
  return GONE.has(verdict) ? blame('FOLLOWER_FAILURE', replica, scene) : null
}

const leader: Rule = (_replica, scene) => {
  const { leader: id } = scene.partition
  if (id === null || !GONE.has(verdictOf(id, scene))) return null
  return blame('LEADER_FAILURE', id, scene)
}

const saturated =
  (code: ReasonCode, whom: (replica: number, partition: Partition) => number | null): Rule =>
  (replica, { partition, saturation }) => {
    const id = whom(replica, partition)
    const measured = id === null ? null : saturation(id)
    if (id === null || measured === null) return null
    return { code, blamed: id, text: describeMeasured(id, measured), measured }
  }

/** The first that holds is the reason; the order goes from what is certain to what is measured. */
const RULES: readonly Rule[] = [
  reassignment,
  hardware,
  noLeader,
  follower,
  leader,
  saturated('FOLLOWER_NETWORK_SATURATED', (replica) => replica),
  saturated('LEADER_NETWORK_SATURATED', (_replica, partition) => partition.leader),
]

/** A throttle is named and is no reason: a heal must not take for understood what somebody holds back. */
function unknown(replica: number, { verdicts, topic, partition, throttles }: Scene): Cause {
  const judged = verdicts.get(replica)
  const since = judged?.since
  const { id, leader } = partition
  const held = throttlesOn(throttles, { topic, partition: id, replica, leader })
  const throttle =
    held.length === 0 ? '' : `; a replication throttle stands on it (${held.join(', ')})`
  const text = `no reason found: ${judged?.text ?? `broker ${replica} is alive`}${throttle}`
  return { code: 'UNKNOWN', blamed: replica, text, ...(since !== undefined && { since }) }
}

/** Why a replica is out of sync or offline; UNKNOWN where none of the reasons holds. */
export function explain(replica: number, scene: Scene): Cause {
  for (const rule of RULES) {
    const cause = rule(replica, scene)
    if (cause !== null) return cause
  }
  return unknown(replica, scene)
}
