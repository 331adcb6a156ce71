import { OperatorError } from '../errors/operator-error.js'
import {
  judgeAccess,
  type AccessEvidence,
  type AccessReport,
} from '../health/access/judge-access.js'
import {
  requiredAccess,
  type AccessScope,
  type OwnNames,
  type Purpose,
  type Requirement,
} from '../health/access/required-access.js'
import type { Snapshot } from '../model/snapshot.js'
import type { ClusterReader } from '../ports/cluster-reader.js'

const DENIED = /^NOT_AUTHORISED$|_AUTHORIZATION_FAILED$/
/** So many groups are asked for: each costs a look at its coordinator. */
const GROUPS = 200

/** What {@link readAccessReport} works from: the cluster as read just now, and the names of what is ours. */
export interface AccessQuestion {
  readonly purpose: Purpose
  readonly snapshot: Snapshot
  readonly own: OwnNames
  /** The operations cluster, where another one keeps our topics. */
  readonly operations?: Pick<ClusterReader, 'readAccess'>
}

/** Asks Kafka what our principal may do, and holds it against what a purpose takes. Reads only. */
export async function readAccessReport(
  reader: ClusterReader,
  { purpose, snapshot, own, operations = reader }: AccessQuestion,
): Promise<AccessReport> {
  if (reader.readAccess === undefined || operations.readAccess === undefined) throw cannotTell()
  const groups = await reader.readGroups()
  const known = groups
    .flatMap((answer) => (answer.ok ? answer.value.map(({ groupId }) => groupId) : []))
    .filter((id) => id !== own.lockGroup)
    .sort()
  const required = requiredAccess(purpose, own)
  const groupIds = [...known.slice(0, GROUPS), ...namesOf(required, 'group')]
  const facts = await reader.readAccess(groupIds)
  const { named } = await operations.readAccess([], namesOf(required, 'topic'))
  const rights = judgeAccess(required, { facts: { ...facts, named }, ...viewOf(snapshot) })
  const needed = rights.filter(({ optional }) => optional !== true)
  return {
    clusterId: snapshot.cluster.id,
    purpose,
    sufficient: needed.every(({ status }) => status !== 'missing'),
    certain: needed.every(({ status }) => status !== 'unknown'),
    rights,
  }
}

/** The topics or groups of ours that rights are needed on. */
const namesOf = (required: readonly Requirement[], scope: AccessScope): readonly string[] => [
  ...new Set(required.flatMap((one) => (one.scope === scope ? [one.name ?? ''] : []))),
]

function viewOf({ partialView, unread = [], brokers }: Snapshot): Omit<AccessEvidence, 'facts'> {
  const denied = (part: string): number =>
    unread.filter((found) => found.part === part && DENIED.test(found.code)).length
  const failed = unread.filter(({ part }) => part === 'broker configs').length
  return {
    partialView: partialView ?? null,
    isViewVerified: denied('log dirs') === 0 && brokers.length > 0,
    mayReadBrokerConfigs: denied('broker configs') > 0 ? false : failed > 0 ? null : true,
  }
}

function cannotTell(): OperatorError {
  return new OperatorError({
    code: 'ACCESS_UNKNOWN',
    message: 'This connection cannot ask Kafka for the rights of its principal.',
    exit: 'refused',
  })
}
