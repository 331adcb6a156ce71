import type { ClusterReader } from '../../ports/cluster-reader.js'

/** The consumer groups of a cluster, as far as its brokers told. */
export interface GroupDirectory {
  readonly groupIds: readonly string[]
  /** Groups with members at the moment. */
  readonly active: ReadonlySet<string>
  /** Share groups (KIP-932): they acknowledge records instead of committing offsets. */
  readonly shareGroups: readonly string[]
  /** Brokers that did not say which groups they coordinate. */
  readonly silentBrokers: readonly number[]
  /** False when no broker told. */
  readonly known: boolean
}

const EMPTY_STATES: ReadonlySet<string> = new Set(['Empty', 'Dead'])
/** Connect workers and the like use the group protocol for other things; they commit nothing. */
const COMMITTING_PROTOCOLS: ReadonlySet<string> = new Set(['consumer', 'streams', ''])

/** Lists the groups of all brokers. */
export async function readGroupDirectory(reader: ClusterReader): Promise<GroupDirectory> {
  const answers = await reader.readGroups()
  const all = answers.flatMap((answer) => (answer.ok ? answer.value : []))
  const groups = all.filter((group) => COMMITTING_PROTOCOLS.has(group.protocolType))
  const share = all.filter((group) => group.protocolType === 'share')
  return {
    groupIds: [...new Set(groups.map((group) => group.groupId))].sort(),
    active: new Set(groups.filter((g) => !EMPTY_STATES.has(g.state)).map((g) => g.groupId)),
    shareGroups: [...new Set(share.map((group) => group.groupId))].sort(),
    silentBrokers: answers.filter((answer) => !answer.ok).map((answer) => answer.brokerId),
    known: answers.length === 0 || answers.some((answer) => answer.ok),
  }
}
