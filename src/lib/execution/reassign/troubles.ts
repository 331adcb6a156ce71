import { topicPartitionKey } from '../../model/topic-partition.js'
import type { ClusterMetadata } from '../../ports/cluster-reader.js'
import type { Ledger } from './ledger.js'
import type { Observation } from './observe.js'
import { readMinIsr } from './read-min-isr.js'
import type { RunEnd, RunPorts, RunSettings } from './run-types.js'

/** The whole cluster is looked at this often: what a move does to others shows there, and large clusters answer slowly. */
const LOOK_EVERY_MS = 10_000
/** A broker that no move is to reach holds new moves up for this long at most, where the policy is to wait. */
const GRACE_MS = 30_000

/** Codes of all troubles. */
export const TROUBLES = ['BROKER_GONE', 'UNDER_MIN_ISR'] as const

/** Something that has gone wrong with the cluster since the run began: nothing is started while it lasts. */
export interface Trouble {
  readonly code: (typeof TROUBLES)[number]
  readonly text: string
  /** Partitions that are in trouble: moves of theirs may mend it, so they are started all the same. */
  readonly partitions: ReadonlySet<string>
}

interface TroublesParts {
  readonly ports: RunPorts
  readonly settings: RunSettings
  readonly ledger: Ledger
}

/** Watches the cluster beside the moves: brokers that go away, partitions that fall under min ISR, wherever they are. */
export class Troubles {
  readonly #parts: TroublesParts
  /** Brokers alive when the run began, without those that were given up. */
  #expected: ReadonlySet<number> | null = null
  readonly #awaySinceMs = new Map<number, number>()
  /** Partitions under min ISR when the run began: known, and no news. */
  #known: ReadonlySet<string> | null = null
  #underMinIsr: ReadonlySet<string> = new Set()
  #lookedAtMs = Number.NEGATIVE_INFINITY

  constructor(parts: TroublesParts) {
    this.#parts = parts
  }

  /** What is wrong now, the worst first. */
  async look(seen: Observation): Promise<readonly Trouble[]> {
    await this.#lookAround(seen)
    return [this.#brokersGone(seen), this.#tooFewInSync()].filter((trouble) => trouble !== null)
  }

  /** The end that the policy asks for; null to wait. */
  endOf(troubles: readonly Trouble[]): RunEnd | null {
    const [first] = troubles
    if (first === undefined || this.#parts.settings.onTrouble !== 'stop') return null
    const exit = first.code === 'BROKER_GONE' ? 'needsPerson' : 'stoppedHalfWay'
    return { outcome: 'stopped', exit, code: first.code, message: `stopped: ${first.text}` }
  }

  #brokersGone({ liveBrokers }: Observation): Trouble | null {
    this.#expected ??= liveBrokers
    const now = this.#parts.ports.clock.nowMs()
    for (const id of liveBrokers) this.#awaySinceMs.delete(id)
    const gone = [...this.#expected].filter((id) => !liveBrokers.has(id)).sort((a, b) => a - b)
    for (const id of gone) if (!this.#awaySinceMs.has(id)) this.#awaySinceMs.set(id, now)
    const recent = gone.filter((id) => now - (this.#awaySinceMs.get(id) ?? now) < GRACE_MS)
    if (recent.length < gone.length && this.#parts.settings.onTrouble !== 'stop') {
      this.#giveUpOn(gone.filter((id) => !recent.includes(id)))
    }
    if (recent.length === 0) return null
    const text = `broker ${recent.join(', ')} went away while moves were made: nothing is started until it is back, or for ${GRACE_MS / 1000} s`
    return { code: 'BROKER_GONE', text, partitions: new Set() }
  }

  #giveUpOn(brokers: readonly number[]): void {
    const text = `broker ${brokers.join(', ')} stays away: going on with moves that do not need it`
    this.#parts.ledger.note('BROKER_STAYS_AWAY', text)
    this.#expected = new Set([...(this.#expected ?? [])].filter((id) => !brokers.includes(id)))
  }

  #tooFewInSync(): Trouble | null {
    const news = [...this.#underMinIsr].filter((key) => this.#known?.has(key) !== true).sort()
    if (news.length === 0) return null
    const some = news.slice(0, 3).join(', ')
    const text = `${news.length} partitions fell under their min ISR (${some}): no other is started until they are back`
    return { code: 'UNDER_MIN_ISR', text, partitions: new Set(news) }
  }

  async #lookAround({ inFlight }: Observation): Promise<void> {
    const { reader, clock } = this.#parts.ports
    if (clock.nowMs() - this.#lookedAtMs < LOOK_EVERY_MS) return
    const metadata = await reader.readMetadata()
    this.#lookedAtMs = clock.nowMs()
    const lacking = underReplicated(metadata, inFlight)
    const topics = [...new Set(lacking.map(({ topic }) => topic))].sort()
    const minIsr = await readMinIsr(reader, topics)
    this.#underMinIsr = new Set(
      lacking
        .filter(({ topic, inSync, replicas }) => inSync < (minIsr.get(topic) ?? replicas))
        .map(({ key }) => key),
    )
    this.#known ??= this.#underMinIsr
    this.#known = new Set([...this.#known].filter((key) => this.#underMinIsr.has(key)))
  }
}

interface Lacking {
  readonly key: string
  readonly topic: string
  readonly inSync: number
  readonly replicas: number
}

/** Partitions that have fewer replicas in sync than they should, those that are being added left out. */
function underReplicated(
  { topics }: ClusterMetadata,
  inFlight: Observation['inFlight'],
): readonly Lacking[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.flatMap(({ id, isr, replicas: all }) => {
      const key = topicPartitionKey(name, id)
      const replicas = all.length - (inFlight.get(key)?.adding.length ?? 0)
      const inSync = isr.length
      return inSync < replicas ? [{ key, topic: name, inSync, replicas }] : []
    }),
  )
}
