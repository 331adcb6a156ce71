import type { RestartJob, RollDeps } from './roll-deps.js'

/** From the beginning of the stop until leaders are back: at most that long were partitions away that a flag gave up. */
export function watchOutage(shared: RollDeps): {
  readonly deps: RollDeps
  readonly outageOf: (job: RestartJob) => {
    readonly outage?: { readonly partitions: number; readonly seconds: number }
  }
} {
  let stoppingMs: number | null = null
  let recoveredMs: number | null = null
  const record: RollDeps['record'] = async (fact) => {
    await shared.record(fact)
    if (fact.phase === 'stopping') stoppingMs = shared.clock.nowMs()
    if (fact.phase === 'recovered') recoveredMs = shared.clock.nowMs()
  }
  const outageOf = ({
    step,
  }: RestartJob): ReturnType<ReturnType<typeof watchOutage>['outageOf']> => {
    const { partitionsAtRisk: partitions } = step
    if (partitions === 0 || stoppingMs === null || recoveredMs === null) return {}
    return { outage: { partitions, seconds: Math.ceil((recoveredMs - stoppingMs) / 1000) } }
  }
  return { deps: { ...shared, record }, outageOf }
}
