/** A topic to be created: its replica lists by partition number, and plain topic configs. */
export interface NewTopic {
  readonly name: string
  readonly assignment: readonly (readonly number[])[]
  readonly configs: Readonly<Record<string, string>>
}

/** A broker that may be given replicas; one without a rack counts as a rack of its own. */
export interface LiveBroker {
  readonly id: number
  readonly rack?: string | null | undefined
}

/** What a topic of klinic's own is like, whatever the cluster. */
export interface OwnTopic {
  readonly name: string
  readonly partitions: number
  readonly configs: Readonly<Record<string, string>>
}

const MOST_REPLICAS = 3

/**
 * A topic of klinic's own as safe as these brokers allow: up to three replicas on different racks, two of three in sync.
 * The replica lists are ours, because Kafka puts new replicas also on brokers that are fenced (KRaft): a topic that is
 * first needed while a broker is dead would be born under-replicated.
 */
export function ownTopic(topic: OwnTopic, live: readonly LiveBroker[]): NewTopic {
  const replicas = Math.max(1, Math.min(MOST_REPLICAS, live.length))
  const order = alternateRacks(live)
  const assignment = Array.from({ length: topic.partitions }, (_, partition) =>
    pick(
      [...order.slice(partition % order.length), ...order.slice(0, partition % order.length)],
      replicas,
    ),
  )
  const minInsync = replicas === MOST_REPLICAS ? '2' : '1'
  return {
    name: topic.name,
    assignment,
    configs: { ...topic.configs, 'min.insync.replicas': minInsync },
  }
}

/** The brokers by id, one of each rack in turn. */
function alternateRacks(live: readonly LiveBroker[]): readonly LiveBroker[] {
  const turns = new Map<string, number>()
  return live
    .toSorted((a, b) => a.id - b.id)
    .map((broker) => {
      const turn = turns.get(rackOf(broker)) ?? 0
      turns.set(rackOf(broker), turn + 1)
      return { broker, turn }
    })
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ broker }) => broker)
}

/** So many brokers from the front of the list, those of a new rack first. */
function pick(order: readonly LiveBroker[], replicas: number): readonly number[] {
  const racks = new Set<string>()
  const fresh: LiveBroker[] = []
  const again: LiveBroker[] = []
  for (const broker of order) {
    ;(racks.has(rackOf(broker)) ? again : fresh).push(broker)
    racks.add(rackOf(broker))
  }
  return [...fresh, ...again].slice(0, replicas).map(({ id }) => id)
}

const rackOf = ({ id, rack }: LiveBroker): string => rack ?? `broker ${id}`
