import loadHighs from 'highs'

import type { SearchProblem } from '../../../src/lib/planners/search/problem.js'
import { FREEDOM } from '../../../src/lib/planners/search/problem.js'

/** Bytes are written in GB, loads in shares of the fair one, so that the solver sees figures of like size. */
const GB = 1e9

/** Writes a linear expression over several lines: the format limits the length of a line. */
function wrap(terms: readonly string[]): string {
  const lines: string[] = []
  for (let i = 0; i < terms.length; i += 12) lines.push(terms.slice(i, i + 12).join(' '))
  return lines.join('\n ')
}

const term = (factor: number, name: string): string =>
  `${factor < 0 ? '-' : '+'} ${Math.abs(factor).toPrecision(12)} ${name}`

interface Model {
  readonly cost: string[]
  readonly rows: string[]
  readonly bounds: string[]
  readonly binaries: string[]
  /** Terms of each resource and broker. */
  readonly loads: string[][]
}

/** Whether broker `b` may lead partition `p` if it holds it. */
function couldLead({ dense, freedom, target }: SearchProblem, p: number, b: number): boolean {
  const leader = dense.leader[p]!
  if (leader < 0 || b === leader) return b === leader
  const from = dense.offset[p]!
  const slot = dense.replicas.subarray(from, dense.offset[p + 1]).indexOf(b)
  if (freedom[p] === FREEDOM.none || target[b] !== 1) return false
  return slot < 0 || dense.inSync[from + slot] === 1
}

interface Place {
  readonly p: number
  readonly b: number
  readonly free: boolean
  readonly isNew: boolean
}

/** Variables and terms of one partition on one broker; true when it could lead there. */
function addPlace(problem: SearchProblem, model: Model, { p, b, free, isNew }: Place): boolean {
  const z = `z${p}_${b}`
  const l = `l${p}_${b}`
  const leads = couldLead(problem, p, b)
  model.binaries.push(z)
  model.bounds.push(free ? `0 <= ${z} <= 1` : `${z} = 1`)
  if (isNew) model.cost.push(term(problem.moveCost[p]! / GB, z))
  if (leads) {
    model.binaries.push(l)
    model.bounds.push(`0 <= ${l} <= 1`)
    model.rows.push(`${l} - ${z} <= 0`)
  }
  problem.resources.forEach(({ led, weight, scale }, r) => {
    if (weight[p] === 0 || scale[b] === 0 || (led && !leads)) return
    const row = r * problem.dense.brokers.length + b
    model.loads[row]!.push(term(weight[p]! / scale[b]!, led ? l : z))
  })
  return leads
}

function addPartition(problem: SearchProblem, model: Model, p: number): void {
  const { dense, target } = problem
  const held = [...dense.replicas.subarray(dense.offset[p], dense.offset[p + 1])]
  const free = problem.freedom[p] === FREEDOM.replicas
  const elsewhere = free ? dense.brokers.flatMap((_, b) => (target[b] === 1 ? [b] : [])) : []
  const candidates = [...new Set([...held, ...elsewhere])]
  const racks = new Map<number, string[]>()
  const leads: string[] = []
  for (const b of candidates) {
    if (addPlace(problem, model, { p, b, free, isNew: !held.includes(b) }))
      leads.push(`+ l${p}_${b}`)
    const rack = dense.rackOf[b]!
    racks.set(rack, [...(racks.get(rack) ?? []), `+ z${p}_${b}`])
  }
  model.rows.push(`${wrap(candidates.map((b) => `+ z${p}_${b}`))} = ${held.length}`)
  if (leads.length > 0) model.rows.push(`${wrap(leads)} = 1`)
  if (problem.sharesRack[p] !== 1) return
  for (const members of racks.values())
    if (members.length > 1) model.rows.push(`${wrap(members)} <= 1`)
}

/**
 * The whole problem in CPLEX LP format, for HiGHS: as a linear programme its optimum is the proven bound, with `integer`
 * it is the optimum itself.
 */
export function writeProgramme(problem: SearchProblem, integer: boolean): string {
  const brokers = problem.dense.brokers.length
  const model: Model = {
    cost: [],
    rows: [],
    bounds: [],
    binaries: [],
    loads: Array.from({ length: problem.resources.length * brokers }, () => []),
  }
  for (let p = 0; p < problem.moveCost.length; p++) addPartition(problem, model, p)
  model.loads.forEach((terms, row) => {
    const { high, low, scale } = problem.resources[Math.floor(row / brokers)]!
    const b = row % brokers
    if (terms.length === 0 || scale[b] === 0) return
    if (high[b]! < Infinity) model.rows.push(`${wrap(terms)} <= ${high[b]! / scale[b]!}`)
    if (low[b]! > 0) model.rows.push(`${wrap(terms)} >= ${low[b]! / scale[b]!}`)
  })
  return [
    'Minimize',
    ` obj: ${model.cost.length === 0 ? '0 x0' : wrap(model.cost)}`,
    'Subject To',
    ...model.rows.map((row, at) => ` c${at}: ${row}`),
    'Bounds',
    ...model.bounds.map((bound) => ` ${bound}`),
    ...(integer ? ['Binary', ` ${wrap(model.binaries)}`] : []),
    'End',
    '',
  ].join('\n')
}

/** The optimum in bytes; null when there is none (or none was proven in time). */
export async function solveProgramme(
  problem: SearchProblem,
  options: { readonly integer: boolean; readonly seconds?: number },
): Promise<number | null> {
  // The types describe the CommonJS build; what is loaded is the ES module, whose default export is the loader itself.
  const load = loadHighs as unknown as typeof loadHighs.default
  const highs = await load()
  const answer = highs.solve(writeProgramme(problem, options.integer), {
    time_limit: options.seconds ?? 120,
    mip_rel_gap: 0.001,
  })
  return answer.Status === 'Optimal' ? answer.ObjectiveValue * GB : null
}
