/** A partition whose leadership may go from its leader to an in-sync follower. */
export interface LedPartition {
  readonly leader: number
  readonly followers: readonly number[]
}

interface Game {
  readonly leads: Map<number, Set<number>>
  readonly leaderOf: number[]
  readonly partitions: readonly LedPartition[]
  readonly counts: Map<number, number>
}

function openGame(partitions: readonly LedPartition[], brokers: readonly number[]): Game {
  const leads = new Map(brokers.map((id) => [id, new Set<number>()]))
  partitions.forEach(({ leader }, index) => leads.get(leader)?.add(index))
  const counts = new Map(brokers.map((id) => [id, leads.get(id)?.size ?? 0]))
  return { leads, leaderOf: partitions.map(({ leader }) => leader), partitions, counts }
}

interface Hop {
  readonly from: number
  readonly to: number
  readonly partition: number
}

/** The shortest chain of changes that takes one leadership from `start` to a broker that `wants` one. */
function findChain(game: Game, start: number, wants: (broker: number) => boolean): readonly Hop[] {
  const cameBy = new Map<number, Hop>()
  const queue = [start]
  const seen = new Set(queue)
  for (const broker of queue) {
    for (const partition of game.leads.get(broker) ?? []) {
      const { leader, followers } = game.partitions[partition] ?? { leader: -1, followers: [] }
      for (const to of [leader, ...followers]) {
        if (seen.has(to) || !game.leads.has(to)) continue
        seen.add(to)
        cameBy.set(to, { from: broker, to, partition })
        if (wants(to)) return walkBack(cameBy, start, to)
        queue.push(to)
      }
    }
  }
  return []
}

function walkBack(cameBy: ReadonlyMap<number, Hop>, start: number, end: number): readonly Hop[] {
  const hops: Hop[] = []
  let at = end
  while (at !== start) {
    const hop = cameBy.get(at)
    if (hop === undefined) return []
    hops.push(hop)
    at = hop.from
  }
  return hops
}

function apply(game: Game, hops: readonly Hop[]): void {
  for (const { from, to, partition } of hops) {
    game.leads.get(from)?.delete(partition)
    game.leads.get(to)?.add(partition)
    game.leaderOf[partition] = to
    game.counts.set(from, (game.counts.get(from) ?? 0) - 1)
    game.counts.set(to, (game.counts.get(to) ?? 0) + 1)
  }
}

function relieve(
  game: Game,
  broker: number,
  isDone: () => boolean,
  takes: (id: number) => boolean,
) {
  while (!isDone()) {
    const hops = findChain(game, broker, takes)
    if (hops.length === 0) return
    apply(game, hops)
  }
}

/** The chain that brings one leadership to `end`: found from each broker that may give one, fullest first. */
function feed(game: Game, end: number, floor: number, brokers: readonly number[]): void {
  const count = (id: number): number => game.counts.get(id) ?? 0
  while (count(end) < floor) {
    const givers = brokers
      .filter((id) => count(id) > floor)
      .sort((a, b) => count(b) - count(a) || a - b)
    const hops = givers
      .map((id) => findChain(game, id, (to) => to === end))
      .find((c) => c.length > 0)
    if (hops === undefined) return
    apply(game, hops)
  }
}

/**
 * Leaders of the partitions (in their order) such that brokers lead as equal a number as the followers allow, by chains
 * of changes that are as short as possible: each chain takes one leadership from a broker with too many to one with too
 * few, through others where it must.
 */
export function evenLeaders(
  partitions: readonly LedPartition[],
  brokers: readonly number[],
): readonly number[] {
  const game = openGame(partitions, brokers)
  const [floor, ceiling] = [
    Math.floor(partitions.length / Math.max(1, brokers.length)),
    Math.ceil(partitions.length / Math.max(1, brokers.length)),
  ]
  const count = (id: number): number => game.counts.get(id) ?? 0
  const fullestFirst = brokers.toSorted((a, b) => count(b) - count(a) || a - b)
  for (const id of fullestFirst) {
    relieve(
      game,
      id,
      () => count(id) <= ceiling,
      (to) => count(to) < floor,
    )
    relieve(
      game,
      id,
      () => count(id) <= ceiling,
      (to) => count(to) < ceiling,
    )
  }
  for (const id of fullestFirst.toReversed()) feed(game, id, floor, brokers)
  return game.leaderOf
}
