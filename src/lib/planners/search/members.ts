/** Which entries of the replica lists name each broker, kept up to date as they change. */
export interface Members {
  /** Per broker the entries that name it, and where in that list each entry stands. */
  readonly members: number[][]
  readonly position: Int32Array
  /** The partition of each entry. */
  readonly partitionOf: Int32Array
}

/** Builds the index over flat replica lists. */
export function indexMembers(replicas: Int32Array, offset: Int32Array, brokers: number): Members {
  const index: Members = {
    members: Array.from({ length: brokers }, () => []),
    position: new Int32Array(replicas.length),
    partitionOf: new Int32Array(replicas.length),
  }
  for (let p = 0; p + 1 < offset.length; p++)
    for (let i = offset[p]!; i < offset[p + 1]!; i++) {
      index.partitionOf[i] = p
      addMember(index, i, replicas[i]!)
    }
  return index
}

/** Adds entry `i` under broker `b`. */
export function addMember(index: Members, i: number, b: number): void {
  const list = index.members[b]!
  index.position[i] = list.length
  list.push(i)
}

/** Takes entry `i` out from under broker `b`; the last one of the list takes its place. */
export function removeMember(index: Members, i: number, b: number): void {
  const list = index.members[b]!
  const last = list.pop()!
  if (last === i) return
  list[index.position[i]!] = last
  index.position[last] = index.position[i]!
}
