import type { Partition } from '../../model/snapshot.js'
import type { Reason } from '../../plan/plan.js'
import { formatBytes, formatBytesPerSec } from '../../units/format-quantity.js'
import { fitsLogDirs, roomOf, useWith, type Ledger } from './ledger.js'

/** How replicas may share racks: on no fewer than before (`spread`), on as many as there are replicas, as evenly as possible. */
export type RackRule = 'spread' | 'strict' | 'even' | 'same-rack'

/** Which brokers may be given replicas, and the rules that a flag may lift. */
export interface TargetPolicy {
  readonly rackPolicy: RackRule
  /** Brokers that are given nothing. */
  readonly excludeBrokers: readonly number[]
  /** When not empty: the only brokers that are given anything. */
  readonly onlyTo: readonly number[]
  readonly ignoreCapacity: boolean
  readonly allowFewerRacks: boolean
}

/** A replica that needs a place. `kept` are the other replicas of the partition, the new ones among them included. */
export interface Seat {
  readonly partition: Partition
  readonly kept: readonly number[]
  /** The replica that is replaced; absent for an additional one. */
  readonly instead?: number
}

/** A broker, or why there is none: the rule that refused most, with figures, and the flag that lifts it. */
export type Pick =
  | { readonly ok: true; readonly broker: number }
  | { readonly ok: false; readonly reason: Reason; readonly override?: string }

interface Rule {
  readonly code: string
  readonly flag?: string
  readonly refuses: (broker: number) => boolean
  readonly say: (count: number) => string
}

function capacityRules(ledger: Ledger, partition: Partition): readonly Rule[] {
  const bytesIn = partition.bytesInPerSec ?? 0
  const size = partition.sizeBytes ?? 0
  const flag = '--ignore-capacity'
  return [
    {
      code: 'NO_ROOM_IN',
      flag,
      refuses: (broker) => bytesIn > 0 && roomOf(ledger, broker, 'in') < bytesIn,
      say: (n) => `${n} have no room for ${formatBytesPerSec(bytesIn)} more in`,
    },
    {
      code: 'NO_ROOM_DISK',
      flag,
      refuses: (broker) => size > 0 && roomOf(ledger, broker, 'disk') < size,
      say: (n) => `${n} have no room for ${formatBytes(size)} more on disk`,
    },
    {
      code: 'NO_ROOM_LOG_DIR',
      flag,
      refuses: (broker) => size > 0 && !fitsLogDirs(ledger, broker, size),
      say: (n) => `${n} have a log directory without room for ${formatBytes(size)}`,
    },
  ]
}

function rackRule(ledger: Ledger, seat: Seat, policy: TargetPolicy): Rule {
  const taken = new Set(seat.kept.map(ledger.rackOf))
  const lost = seat.instead === undefined ? undefined : ledger.rackOf(seat.instead)
  if (policy.rackPolicy === 'same-rack') {
    return {
      code: 'OTHER_RACK',
      flag: '--rack-policy spread',
      refuses: (broker) => lost !== undefined && ledger.rackOf(broker) !== lost,
      say: (n) => `${n} are not in ${lost ?? 'the rack'} that was lost`,
    }
  }
  return {
    code: 'RACK_TAKEN',
    flag: '--rack-policy spread',
    refuses: (broker) => policy.rackPolicy === 'strict' && taken.has(ledger.rackOf(broker)),
    say: (n) => `${n} are in a rack that holds a replica already`,
  }
}

function rulesFor(ledger: Ledger, seat: Seat, policy: TargetPolicy): readonly Rule[] {
  const kept = new Set(seat.kept)
  const excluded = new Set(policy.excludeBrokers)
  const only = new Set(policy.onlyTo)
  return [
    {
      code: 'NOT_ALIVE',
      refuses: (broker) => ledger.brokers.get(broker)?.state !== 'alive',
      say: (n) => `${n} are dead or draining`,
    },
    {
      code: 'HOLDS_REPLICA',
      refuses: (broker) => kept.has(broker) || broker === seat.instead,
      say: (n) => `${n} hold a replica of it already`,
    },
    {
      code: 'EXCLUDED',
      flag: only.size > 0 ? '--only-to' : '--exclude-brokers',
      refuses: (broker) => excluded.has(broker) || (only.size > 0 && !only.has(broker)),
      say: (n) => `${n} are excluded`,
    },
    rackRule(ledger, seat, policy),
    ...(policy.ignoreCapacity ? [] : capacityRules(ledger, seat.partition)),
  ]
}

/** Racks of the kept replicas, most wanted first: one that holds none, and of those the one that was lost. */
function rackRank(ledger: Ledger, seat: Seat, broker: number): number {
  const rack = ledger.rackOf(broker)
  const sharing = seat.kept.filter((id) => ledger.rackOf(id) === rack).length
  const isLost = seat.instead !== undefined && ledger.rackOf(seat.instead) === rack
  return sharing * 2 - (isLost ? 1 : 0)
}

/** How full the fullest resource of a broker would be, against the mean; the number of its replicas breaks ties. */
function crowding(ledger: Ledger, broker: number, partition: Partition): number {
  return Math.max(
    useWith(ledger, broker, 'in', partition.bytesInPerSec ?? 0),
    useWith(ledger, broker, 'disk', partition.sizeBytes ?? 0),
  )
}

function refuse(rules: readonly Rule[], refused: readonly number[], total: number): Pick {
  const told = rules.flatMap((rule, index) => {
    const n = refused[index] ?? 0
    return n === 0 ? [] : [{ rule, text: rule.say(n) }]
  })
  const liftable = told.filter(({ rule }) => rule.flag !== undefined)
  const decisive = liftable.at(-1)?.rule ?? told.at(-1)?.rule
  const text = `none of ${total} brokers can take it: ${told.map((part) => part.text).join(', ')}`
  return {
    ok: false,
    reason: { code: decisive?.code ?? 'NO_BROKER', text },
    ...(decisive?.flag === undefined ? {} : { override: decisive.flag }),
  }
}

/**
 * The broker for one replica: hard rules first, then the rack with the fewest replicas of the partition (the lost one
 * before others), then the broker with the most headroom in its tightest resource; the lowest id breaks ties.
 */
export function pickTarget(ledger: Ledger, seat: Seat, policy: TargetPolicy): Pick {
  const rules = rulesFor(ledger, seat, policy)
  const refused = rules.map(() => 0)
  let best: { readonly broker: number; readonly rack: number; readonly crowding: number } | null =
    null
  for (const broker of ledger.accounts.keys()) {
    const failed = rules.findIndex((rule) => rule.refuses(broker))
    if (failed !== -1) {
      refused[failed] = (refused[failed] ?? 0) + 1
      continue
    }
    const rack = rackRank(ledger, seat, broker)
    if (best !== null && rack > best.rack) continue
    const full = crowding(ledger, broker, seat.partition)
    const better =
      best === null ||
      rack < best.rack ||
      full < best.crowding - 1e-12 ||
      (full < best.crowding + 1e-12 && hasFewer(ledger, broker, best.broker))
    if (better) best = { broker, rack, crowding: full }
  }
  if (best === null) return refuse(rules, refused, ledger.accounts.size)
  return { ok: true, broker: best.broker }
}

function hasFewer(ledger: Ledger, a: number, b: number): boolean {
  const replicas = (id: number): number => ledger.accounts.get(id)?.load.replicas ?? 0
  return replicas(a) < replicas(b)
}
