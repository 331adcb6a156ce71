import type { BrokenLock, LockOwner, LockStatus } from '../../coordination/lock-status.js'
import { sanitiseLine } from '../../units/terminal-text.js'

const describe = ({ user, host, pid, what, since }: LockOwner): string =>
  sanitiseLine(`${user}@${host} (process ${pid}, ${what}) since ${since}`)

/** Who has the lock of a cluster. */
export function renderLock({ clusterId, holder, onThisHost }: LockStatus): string {
  if (holder === null && onThisHost === null) return `Nobody works on cluster ${clusterId}.`
  if (holder !== null) return `Cluster ${clusterId} is held by ${describe(holder)}.`
  return onThisHost === null
    ? ''
    : `Cluster ${clusterId} is held on this host only, by ${describe(onThisHost)}.`
}

/** Whose lock was taken away. */
export function renderBrokenLock({ clusterId, broken }: BrokenLock): string {
  return broken === null
    ? `Nobody had the lock of cluster ${clusterId}.`
    : `The lock of cluster ${clusterId} was taken away from ${describe(broken)}.`
}
