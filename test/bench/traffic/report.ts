import Table from 'cli-table3'
import type { IntervalTraffic } from '../../../src/lib/traffic/interval.js'
import { ratesOf } from '../../../src/lib/traffic/measure-interval.js'
import type { LoadReport } from '../../lab/load/spec.js'
import { errorOf, type Comparison } from './compare.js'

const IN_TOLERANCE = 0.03
const OUT_TOLERANCE = 0.05
const SUM_TOLERANCE = 0.03

const kb = (rate: number | undefined): string =>
  rate === undefined ? 'unknown' : (rate / 1000).toFixed(1)
const percent = (share: number): string =>
  Number.isNaN(share) ? '-' : `${share >= 0 ? '+' : ''}${(share * 100).toFixed(2)} %`

/** Undefined figures and those outside of the tolerance do not hold. */
const holds = (error: number, tolerance: number): boolean => Math.abs(error) <= tolerance

/** Prints every partition with its errors; true when all that count are within the tolerances. */
export function reportComparisons(comparisons: readonly Comparison[]): boolean {
  const table = new Table({
    head: ['partition', 'in kB/s', 'measured', 'error', 'out kB/s', 'measured', 'error', ''],
    style: { head: [], border: [] },
  })
  let good = true
  for (const c of comparisons) {
    const inError = errorOf(c.inMeasured, c.inTruth)
    const outError = errorOf(c.outMeasured, c.outTruth)
    const inHolds = !c.countsIn || holds(inError, IN_TOLERANCE)
    const outHolds = !c.countsOut || holds(outError, OUT_TOLERANCE)
    good &&= inHolds && outHolds
    const remark = !inHolds || !outHolds ? 'FAIL' : c.countsIn || c.countsOut ? '' : 'under 1 %'
    table.push([
      c.key,
      kb(c.inTruth),
      kb(c.inMeasured),
      percent(inError),
      kb(c.outTruth),
      kb(c.outMeasured),
      percent(outError),
      remark,
    ])
  }
  console.log(table.toString())
  return good
}

/** Compares sums with the brokers' counters; readers that never commit must show as a share, and only they. */
export function reportTotals(
  traffic: IntervalTraffic,
  counters: { readonly bytesInPerSec: number; readonly bytesOutPerSec: number },
  report: LoadReport,
): boolean {
  const seconds = (report.toMs - report.fromMs) / 1000
  const rates = [...traffic.partitions.values()].map(ratesOf)
  const sumIn = rates.reduce((sum, r) => sum + (r.bytesInPerSec ?? 0), 0)
  const sumOut = rates.reduce((sum, r) => sum + (r.bytesOutPerSec ?? 0), 0)
  const neverCommitted =
    report.consumers.filter((c) => !c.commits).reduce((sum, c) => sum + c.wireBytes, 0) / seconds
  const inError = errorOf(sumIn, counters.bytesInPerSec)
  const outError = errorOf(sumOut + neverCommitted, counters.bytesOutPerSec)
  console.log(
    `sum in    ${kb(sumIn)} kB/s, brokers count ${kb(counters.bytesInPerSec)}: ${percent(inError)}`,
  )
  console.log(
    `sum out   ${kb(sumOut)} kB/s + ${kb(neverCommitted)} of readers that never commit, ` +
      `brokers count ${kb(counters.bytesOutPerSec)}: ${percent(outError)}`,
  )
  const unseen = 1 - sumOut / counters.bytesOutPerSec
  console.log(`unseen    ${percent(unseen)} of bytes out, by the brokers' counters`)
  for (const notice of traffic.notices) console.log(`notice    ${notice}`)
  return holds(inError, SUM_TOLERANCE) && holds(outError, SUM_TOLERANCE)
}
