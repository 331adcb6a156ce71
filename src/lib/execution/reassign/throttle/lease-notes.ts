import type { Move } from '../moves.js'
import type { TheirThrottle } from './cover.js'
import { resourceId } from './read-values.js'
import type { MissingThrottle } from './watch.js'

/** What an operator is told of a throttle while it is held, each thing once. */
export class LeaseNotes {
  readonly #warn: (text: string) => void
  readonly #said = new Set<string>()

  constructor(warn: (text: string) => void) {
    this.#warn = warn
  }

  /** Moves that are not started yet, since there is no room for their entries. */
  waiting(wanted: readonly Move[], admitted: readonly Move[]): void {
    const there = new Set(admitted)
    const topics = new Set(wanted.filter((move) => !there.has(move)).map(({ topic }) => topic))
    for (const topic of topics) {
      this.#once(
        `waiting ${topic}`,
        `moves of topic ${topic} wait until others have ended: with all of them its throttled replicas would be more than Kafka can store`,
      )
    }
  }

  /** Topics of moves under way whose entries have no room. */
  unlisted(topics: readonly string[]): void {
    for (const topic of topics) {
      this.#once(
        `unlisted ${topic}`,
        `topic ${topic} has no room for more throttled replicas, because somebody else has filled its list: some of its moves under way are not throttled`,
      )
    }
  }

  /** A broker that has no rate yet, and whose moves wait for it. */
  awaited(broker: number, why: string): void {
    this.#once(
      `awaited ${broker}`,
      `moves that broker ${broker} takes part in wait, since it cannot be throttled now: ${why}`,
    )
  }

  /** A broker that gets no rate. */
  unthrottled(broker: number, why: string): void {
    this.#once(`unthrottled ${broker}`, `broker ${broker} is not throttled: ${why}`)
  }

  /** Rates that somebody else has set. */
  theirs(theirs: readonly TheirThrottle[]): void {
    for (const [subject, all] of byResource(theirs)) {
      const values = all.map(({ key, value }) => `${key}=${value}`).join(', ')
      this.#once(
        `theirs ${subject}`,
        `somebody else has set ${values} on ${subject}: it stays, and holds for what that broker copies`,
      )
    }
  }

  /** What somebody has taken away. */
  gone(gone: readonly MissingThrottle[]): void {
    for (const [subject, all] of byResource(gone)) {
      const isRate = all[0]?.resource.type === 'broker'
      const what = isRate ? 'the rate of this execution is' : 'throttled replicas are'
      this.#once(
        `gone ${subject}`,
        `${what} gone from ${subject} while moves need it (somebody may have taken it away): set again`,
      )
    }
  }

  /** A change that was refused. */
  unchanged(message: string): void {
    this.#once('unchanged', `${message} (what stood there before stays)`)
  }

  #once(id: string, text: string): void {
    if (this.#said.has(id)) return
    this.#said.add(id)
    this.#warn(text)
  }
}

function byResource<T extends { readonly resource: MissingThrottle['resource'] }>(
  items: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const subject = resourceId(item.resource)
    groups.set(subject, [...(groups.get(subject) ?? []), item])
  }
  return groups
}
