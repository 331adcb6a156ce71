import { OperatorError } from '../../errors/operator-error.js'
import type { RollDeps } from './roll-deps.js'

/** What the cluster does: what a pause compares before and after. */
export interface Pace {
  /** Records a second appended to the partitions that each broker leads. */
  readonly recordsPerSec: ReadonlyMap<number, number>
  /** Records that the groups of `--consumer-gate` have still to read; null when nobody tells. */
  readonly lag: number | null
}

const whole = (value: number | null | undefined): string =>
  value === null || value === undefined ? '?' : Math.round(value).toString()

function sumOf(pace: Pace | null, isMeant: (broker: number) => boolean): number | null {
  if (pace === null) return null
  return [...pace.recordsPerSec].reduce((sum, [id, rate]) => (isMeant(id) ? sum + rate : sum), 0)
}

/** The figures of the restarted brokers beside those of all others, as they were before the first stop and as they are. */
export function comparePace(
  restarted: readonly number[],
  before: Pace | null,
  after: Pace | null,
): readonly string[] {
  const row = (who: string, isMeant: (broker: number) => boolean): string =>
    `${who}: ${whole(sumOf(before, isMeant))} records/s in before, ${whole(sumOf(after, isMeant))} now`
  const lag =
    (before?.lag ?? null) === null && (after?.lag ?? null) === null
      ? []
      : [`consumers: ${whole(before?.lag)} records behind before, ${whole(after?.lag)} now`]
  return [
    ...restarted.map((id) => row(`broker ${id}`, (other) => other === id)),
    row('all others', (id) => !restarted.includes(id)),
    ...lag,
  ]
}

/** Measures; a cluster that cannot be measured is no reason to stop a roll, only to say so. */
export async function measurePace(
  deps: Pick<RollDeps, 'appendRates' | 'consumerLag' | 'say'>,
): Promise<Pace | null> {
  try {
    const recordsPerSec = await deps.appendRates()
    return recordsPerSec === null ? null : { recordsPerSec, lag: await deps.consumerLag() }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    deps.say({ type: 'warning', broker: null, text: `not measured: ${error.message}` })
    return null
  }
}

/** Shows what became of the brokers that restarted, and asks whether the others shall follow; no when nobody can be asked. */
export async function askToGoOn(
  deps: RollDeps,
  restarted: readonly number[],
  before: Pace | null,
): Promise<boolean> {
  const after = await measurePace(deps)
  for (const text of comparePace(restarted, before, after))
    deps.say({ type: 'warning', broker: null, text })
  return deps.askToGoOn(
    `${restarted.length} broker${restarted.length === 1 ? '' : 's'} restarted; go on with the others?`,
  )
}
