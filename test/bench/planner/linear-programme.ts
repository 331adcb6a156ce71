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

function addPartition(problem: SearchProblem, model: Model, p: number): void {
  const { dense, target, freedom, moveCost } = problem
  const from = dense.offset[p]!
  const held = [...dense.replicas.subarray(from, dense.offset[p + 1]!)]
  const brokers = dense.brokers.length
  const candidates =
    freedom[p] === FREEDOM.replicas
      ? [...Array(brokers).keys()].filter((b) => held.includes(b) || target[b] === 1)
      : held
  const hosts: string[] = []
  const leads: string[] = []
  const racks = new Map<number, string[]>()
  for (const b of candidates) {
    const z = `z${p}_${b}`
    hosts.push(`+ ${z}`)
    racks.set(dense.rackOf[b]!, [...(racks.get(dense.rackOf[b]!) ?? []), `+ ${z}`])
    model.binaries.push(z)
    model.bounds.push(freedom[p] === FREEDOM.replicas ? `0 <= ${z} <= 1` : `${z} = 1`)
    if (!held.includes(b)) model.cost.push(term(moveCost[p]! / GB, z))
    const slot = held.indexOf(b)
    const leaderNow = dense.leader[p]!
    const mayLead =
      leaderNow >= 0 &&
      (b === leaderNow ||
        (freedom[p] !== FREEDOM.none &&
          target[b] === 1 &&
          (slot < 0 || dense.inSync[from + slot] === 1)))
    if (mayLead) {
      const l = `l${p}_${b}`
      leads.push(`+ ${l}`)
      model.binaries.push(l)
      model.bounds.push(`0 <= ${l} <= 1`)
      model.rows.push(`${l} - ${z} <= 0`)
    }
    problem.resources.forEach(({ led, weight, scale }, r) => {
      if (weight[p] === 0 || scale[b] === 0 || (led && !mayLead)) return
      model.loads[r * brokers + b]!.push(term(weight[p]! / scale[b]!, led ? `l${p}_${b}` : z))
    })
  }
  model.rows.push(`${wrap(hosts)} = ${held.length}`)
  if (leads.length > 0) model.rows.push(`${wrap(leads)} = 1`)
  if (problem.sharesRack[p] === 1)
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
  const { default: loadHighs } = await import('highs')
  const highs = await loadHighs()
  const answer = highs.solve(writeProgramme(problem, options.integer), {
    time_limit: options.seconds ?? 120,
    mip_rel_gap: 0.001,
  })
  return answer.Status === 'Optimal' ? answer.ObjectiveValue * GB : null
}
