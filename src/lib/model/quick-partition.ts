import type { Partition } from './snapshot.js'

const MAX_ID = 2_147_483_647

const isId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_ID

const isAmount = (value: unknown): boolean =>
  typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER

function isIdList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isId)
}

function isReplicaList(value: unknown): boolean {
  if (!isIdList(value) || value.length === 0) return false
  for (let i = 1; i < value.length; i++) {
    for (let j = 0; j < i; j++) if (value[i] === value[j]) return false
  }
  return true
}

/** The fields that the quick check knows; a partition with any other goes to the schema. */
const CHECKS: Readonly<Record<string, ((value: unknown) => boolean) | undefined>> = {
  id: isId,
  replicas: isReplicaList,
  isr: isIdList,
  leader: (value) => value === null || isId(value),
  adding: isIdList,
  removing: isIdList,
  bytesInPerSec: isAmount,
  bytesOutPerSec: isAmount,
  sizeBytes: isAmount,
  offlineReplicas: isIdList,
}

/**
 * True when the schema would accept the value as well: a shortcut, several times faster, for clusters of a million
 * replicas. False means "ask the schema", which also has the words for what is wrong.
 */
export function isPlainPartition(value: unknown): value is Partition {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  for (const [key, member] of Object.entries(value)) {
    if (!Object.hasOwn(CHECKS, key)) return false
    if (CHECKS[key]?.(member) !== true) return false
  }
  return 'id' in value && 'replicas' in value && 'leader' in value
}
