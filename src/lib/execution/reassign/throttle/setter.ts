import type { ClusterReader, ConfigResource } from '../../../ports/cluster-reader.js'
import type { ClusterWriter, ConfigChange, WriteOutcome } from '../../../ports/cluster-writer.js'
import { appliedId } from './cover.js'
import { parseEntries } from './entries.js'
import { throttleId, type HeldThrottle } from './held.js'
import { isOutOfReach, refusal } from './lease-errors.js'
import { isGoneCode, readValues, resourceId } from './read-values.js'

/** What a setter works with. */
export interface SetterPorts {
  readonly reader: Pick<ClusterReader, 'readConfigs'>
  readonly writer: Pick<ClusterWriter, 'alterConfigs'>
  readonly warn: (text: string) => void
  readonly nowMs: () => number
}

/** An answer that was lost costs another look and another try; more than that is a cluster in trouble. */
const APPLY_TRIES = 3
/** What is said of a change whose answer does not come. */
export const LOST: WriteOutcome = { status: 'unknown', message: 'the answer leaves it out' }

/** Sets throttles, and remembers what it has set. */
export class ThrottleSetter {
  /** When it was set, by {@link appliedId}. */
  readonly #applied = new Map<string, number>()
  /** Rates that stand because this process has set one, by throttle id. */
  readonly #rated = new Set<string>()
  readonly #warned = new Set<string>()
  readonly #ports: SetterPorts

  constructor(ports: SetterPorts) {
    this.#ports = ports
  }

  /** What stands because this process has set it, by {@link appliedId}. */
  get applied(): Pick<ReadonlySet<string>, 'has'> {
    return this.#applied
  }

  /** Whether this process has set a rate, whichever, that stands. */
  hasRate(resource: ConfigResource, key: string): boolean {
    return this.#rated.has(throttleId(resource, key))
  }

  /** Whether something was set so long ago that every broker should show it. */
  hasStood(id: string, forMs: number): boolean {
    const sinceMs = this.#applied.get(id)
    return sinceMs !== undefined && this.#ports.nowMs() - sinceMs >= forMs
  }

  /** Makes the changes; where an answer was lost, looks what stands there now and sends the rest again. */
  async apply(changes: readonly ConfigChange[]): Promise<void> {
    let open = changes
    for (let attempt = 1; open.length > 0; attempt++) {
      const outcomes = await this.send(open)
      const outcomeOf = ({ resource }: ConfigChange): WriteOutcome =>
        outcomes.get(resourceId(resource)) ?? LOST
      // Before any refusal is thrown: what was set is known then.
      for (const change of open) if (outcomeOf(change).status === 'ok') this.#noteApplied(change)
      const unknown: ConfigChange[] = []
      for (const change of open.filter((one) => outcomeOf(one).status !== 'ok')) {
        const outcome = outcomeOf(change)
        if (outcome.status === 'unknown' && attempt < APPLY_TRIES) unknown.push(change)
        else this.#heedRefusal(change, outcome)
      }
      open = await this.#stillMissing(unknown)
    }
  }

  /** Makes the changes once; what came of them by resource. */
  async send(changes: readonly ConfigChange[]): Promise<ReadonlyMap<string, WriteOutcome>> {
    if (changes.length === 0) return new Map()
    const answers = await this.#ports.writer.alterConfigs(changes)
    return new Map(answers.map(({ resource, outcome }) => [resourceId(resource), outcome]))
  }

  /** What was given back has to be set again when a later move needs it. */
  forget({
    resource,
    key,
    entries,
  }: Pick<HeldThrottle, 'resource' | 'key'> & { readonly entries: string }): void {
    const id = throttleId(resource, key)
    for (const entry of parseEntries(entries)) {
      const wasThere = this.#applied.delete(appliedId(resource, key, entry))
      if (wasThere) this.#rated.delete(id)
    }
  }

  /** Somebody else's rate has taken the place of ours. */
  forgetRate(resource: ConfigResource, key: string): void {
    this.#rated.delete(throttleId(resource, key))
    this.#forgetRate(`${throttleId(resource, key)} `)
  }

  #noteApplied({ resource, name, value }: ConfigChange): void {
    if (resource.type === 'broker') {
      this.#forgetRate(`${throttleId(resource, name)} `)
      this.#rated.add(throttleId(resource, name))
    }
    for (const entry of parseEntries(value ?? null))
      this.#applied.set(appliedId(resource, name, entry), this.#ports.nowMs())
  }

  /** A rate takes the place of the one before. */
  #forgetRate(beginning: string): void {
    for (const id of this.#applied.keys()) if (id.startsWith(beginning)) this.#applied.delete(id)
  }

  #heedRefusal(change: ConfigChange, outcome: WriteOutcome): void {
    if (outcome.status === 'refused' && isGoneCode(outcome.code)) return
    const isSilent = outcome.status === 'refused' && isOutOfReach(outcome.code)
    // Without the lists of its topic a move has no throttle at all; a broker that is silent gets none of its own.
    if (!isSilent || change.resource.type === 'topic') throw refusal(change, outcome)
    const subject = resourceId(change.resource)
    if (this.#warned.has(subject)) return
    this.#warned.add(subject)
    this.#ports.warn(`${subject} was not throttled: ${outcome.message}`)
  }

  async #stillMissing(changes: readonly ConfigChange[]): Promise<readonly ConfigChange[]> {
    const resources = changes.map(({ resource }) => resource)
    const { current } = await readValues(this.#ports.reader, resources)
    return changes.filter((change) => {
      const standing = parseEntries(current.get(throttleId(change.resource, change.name)) ?? null)
      const isThere = parseEntries(change.value ?? null).every((entry) => standing.includes(entry))
      if (isThere) this.#noteApplied(change)
      return !isThere
    })
  }
}
