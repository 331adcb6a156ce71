import { indexBrokers, indexPartitions } from '../../model/find-partition.js'
import type { Snapshot } from '../../model/snapshot.js'
import { formatBytesPerSec } from '../../units/format-quantity.js'
import { throttleNeeded } from './catching-up.js'
import { roomOf } from './guards/disk-guard.js'
import { nameSome } from './guards/guard.js'
import type { Move } from './moves.js'

/** Moves that would be made, and the cluster that they are made in. */
interface ToBeMade {
  readonly moves: readonly Move[]
  readonly snapshot: Snapshot
  readonly throttleBytesPerSec: number | null
}

/** What stands in no way and has to be known before the start, a sentence each. */
export function warnBefore(input: ToBeMade): readonly string[] {
  return [warnOfUntoldRoom(input), warnOfLowThrottle(input)].filter((text) => text !== null)
}

/** Brokers before Kafka 3.3 do not tell how much is free (KIP-827): no guard can judge what is unknown. */
function warnOfUntoldRoom({ moves, snapshot }: ToBeMade): string | null {
  const brokers = indexBrokers(snapshot)
  const targets = [...new Set(moves.flatMap(({ adding }) => adding))].sort((a, b) => a - b)
  const untold = targets.filter((id) => roomOf(brokers.get(id)) === null)
  if (untold.length === 0) return null
  const names = nameSome(untold.map(String))
  return `free space is not told by broker ${names}; whether the disk takes what comes was not judged, and is not while moves are made`
}

/** A partition that clients write to faster than its throttle lets it be copied never arrives. */
function warnOfLowThrottle({ moves, snapshot, throttleBytesPerSec }: ToBeMade): string | null {
  if (throttleBytesPerSec === null) return null
  const moving = moves.filter(({ adding }) => adding.length > 0)
  const located = indexPartitions(snapshot, new Set(moving.map(({ key }) => key)))
  const outgrown = moving
    .map((move) => {
      const written = located.get(move.key)?.partition.bytesInPerSec ?? 0
      return { key: move.key, needed: throttleNeeded(move, written) }
    })
    .filter(({ needed }) => needed >= throttleBytesPerSec)
    .sort((a, b) => b.needed - a.needed)
  const [most] = outgrown
  if (most === undefined) return null
  const names = nameSome(outgrown.map(({ key }) => key))
  return `clients write so much to ${names} that a throttle of ${formatBytesPerSec(throttleBytesPerSec)} never lets the new replicas catch up: more than ${formatBytesPerSec(most.needed)} is needed, since what followers in sync fetch counts, too`
}
