import type { PartialView } from '../../model/snapshot.js'
import type { AccessFacts, Operation } from './access-facts.js'
import type { Purpose, Requirement } from './required-access.js'

/** Whether a right is there. `unknown`: Kafka does not tell without another right, which is no sign that it is. */
export type AccessStatus = 'allowed' | 'missing' | 'unknown'

/** One right with what was found of it. */
export interface AccessRow extends Requirement {
  readonly status: AccessStatus
  /** Which topics or groups, or why nobody can tell. */
  readonly detail?: string
}

/** The result document of `access check`. */
export interface AccessReport {
  readonly clusterId: string
  readonly purpose: Purpose
  /** False while a right is missing that the purpose cannot do without. */
  readonly sufficient: boolean
  /** Whether everything could be told. */
  readonly certain: boolean
  readonly rights: readonly AccessRow[]
}

/** What was read, beside Kafka's own word on our rights. */
export interface AccessEvidence {
  readonly facts: AccessFacts
  /** Partitions that brokers hold and that we are not shown. */
  readonly partialView: PartialView | null
  /** Whether log directories could be read, against which the view is compared. */
  readonly isViewVerified: boolean
  /** Whether reading a broker's configs was let through; null when it was not tried or failed otherwise. */
  readonly mayReadBrokerConfigs: boolean | null
}

type Found = Pick<AccessRow, 'status' | 'detail'>

const ALLOWED: Found = { status: 'allowed' }
const SHOWN = 3
const NOT_TOLD = 'the brokers do not tell'

const nameSome = (names: readonly string[], of: number, kind: string): string => {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''
  return `on ${names.length} of ${of} ${kind}: ${names.slice(0, SHOWN).join(', ')}${more}`
}

/** DESCRIBE comes with either of them, so where it is missing they are missing too. */
const IMPLY_DESCRIBE: readonly Operation[] = ['ALTER', 'DELETE', 'READ', 'WRITE']

function judgeCluster(operation: Operation, evidence: AccessEvidence): Found {
  const { cluster } = evidence.facts
  if (cluster?.has(operation) === true) return ALLOWED
  if (operation === 'DESCRIBE_CONFIGS' && evidence.mayReadBrokerConfigs !== null) {
    return { status: evidence.mayReadBrokerConfigs ? 'allowed' : 'missing' }
  }
  if (cluster?.has('DESCRIBE') === true || operation === 'DESCRIBE') {
    return cluster === null ? { status: 'unknown', detail: NOT_TOLD } : { status: 'missing' }
  }
  if (cluster !== null && IMPLY_DESCRIBE.includes(operation)) return { status: 'missing' }
  return { status: 'unknown', detail: 'not told without DESCRIBE on the cluster' }
}

function judgeAll(
  known: AccessFacts['topics'],
  operation: Operation,
  kind: 'topics' | 'groups',
): Found {
  const without = [...known]
    .filter(([, operations]) => operations?.has(operation) === false)
    .map(([name]) => name)
    .sort()
  if (without.length > 0) {
    return { status: 'missing', detail: nameSome(without, known.size, kind) }
  }
  const isUntold = [...known.values()].some((operations) => operations === null)
  if (isUntold) return { status: 'unknown', detail: NOT_TOLD }
  return ALLOWED
}

function judgeTopics(operation: Operation, evidence: AccessEvidence): Found {
  const { facts, partialView, isViewVerified } = evidence
  const shown = judgeAll(facts.topics, operation, 'topics')
  if (shown.status !== 'allowed') return shown
  if (partialView !== null) {
    const { hiddenPartitions, examples } = partialView
    const detail = `${hiddenPartitions} partitions are not shown to us, among them ${examples.slice(0, SHOWN).join(', ')}`
    return { status: operation === 'DESCRIBE' ? 'missing' : 'unknown', detail }
  }
  if (isViewVerified) return ALLOWED
  return {
    status: 'unknown',
    detail: 'whether all topics are shown is not told without DESCRIBE on the cluster',
  }
}

/** A topic of ours that is not there asks for nothing now; one that is hidden lacks everything. */
function judgeOne(
  known: AccessFacts['topics'],
  { name = '', operation }: Requirement,
): Found | null {
  const operations = known.get(name)
  if (operations === undefined) return null
  if (operations === null) return { status: 'unknown', detail: NOT_TOLD }
  return { status: operations.has(operation) ? 'allowed' : 'missing' }
}

function judge(requirement: Requirement, evidence: AccessEvidence): Found | null {
  const { facts } = evidence
  switch (requirement.scope) {
    case 'cluster':
      return judgeCluster(requirement.operation, evidence)
    case 'every topic':
      return judgeTopics(requirement.operation, evidence)
    case 'every group':
      return judgeAll(facts.groups, requirement.operation, 'groups')
    case 'topic':
      return judgeOne(facts.named, requirement)
    case 'group':
      return judgeOne(facts.groups, requirement)
  }
}

/** Each required right with whether it is there, as far as Kafka tells. Nothing is tried that could change anything. */
export function judgeAccess(
  requirements: readonly Requirement[],
  evidence: AccessEvidence,
): readonly AccessRow[] {
  return requirements.flatMap((requirement) => {
    const found = judge(requirement, evidence)
    return found === null ? [] : [{ ...requirement, ...found }]
  })
}
