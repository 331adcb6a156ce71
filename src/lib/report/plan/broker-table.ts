import { capacityOf, loadOf } from '../../model/broker-load.js'
import type { BrokerChange, BrokerLoad, Plan } from '../../plan/plan.js'
import { formatBytes, formatBytesPerSec } from '../../units/format-quantity.js'
import { sanitiseLine } from '../../units/terminal-text.js'

/** Rows beyond these are folded away. */
const SHOWN_BROKERS = 24
const BAR_WIDTH = 10

type Rate = 'in' | 'out' | 'disk'
const RATES: readonly Rate[] = ['out', 'in', 'disk']

/** The table as cells; text and markdown draw it each in their way. */
export interface BrokerTable {
  readonly titles: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Brokers that are folded away. */
  readonly hidden: number
}

const asCapacity = (change: BrokerChange, rate: Rate): number =>
  capacityOf(
    {
      id: change.id,
      host: '',
      port: 0,
      state: change.state ?? 'alive',
      ...(change.capacity === undefined ? {} : { capacity: change.capacity }),
    },
    rate,
  ) ?? 0

/** The resource whose bars are drawn: the one that is least even before the plan, out before in before disk. */
function pickBarResource(plan: Plan): Rate {
  const unevenness = (rate: Rate): number =>
    plan.summary.balance?.find(({ resource }) => resource === rate)?.maxOverMeanBefore ?? 1
  if (plan.traffic === undefined) return 'disk'
  return RATES.reduce((worst, rate) => (unevenness(rate) > unevenness(worst) ? rate : worst))
}

function makeBars(plan: Plan): {
  readonly rate: Rate
  readonly bar: (change: BrokerChange) => string
} {
  const rate = pickBarResource(plan)
  const { brokers } = plan.summary
  const isStated = brokers.every((change) => asCapacity(change, rate) > 0)
  const use = (change: BrokerChange, load: BrokerLoad): number =>
    loadOf(load, rate) / (isStated ? asCapacity(change, rate) : 1)
  const most = brokers.reduce(
    (max, change) => Math.max(max, use(change, change.before), use(change, change.after)),
    0,
  )
  const draw = (value: number): string => {
    const filled = most === 0 ? 0 : Math.round((value / most) * BAR_WIDTH)
    return '#'.repeat(filled).padEnd(BAR_WIDTH, '.')
  }
  return {
    rate,
    bar: (change) => `${draw(use(change, change.before))} -> ${draw(use(change, change.after))}`,
  }
}

/** Without any traffic figures a rate is unknown, which is not zero. */
function rateOf(plan: Plan): (value: number) => string {
  return plan.traffic === undefined ? () => 'unknown' : formatBytesPerSec
}

function change(before: number, after: number, show: (value: number) => string): string {
  const [now, then] = [show(before), show(after)]
  return now === then ? now : `${now} -> ${then}`
}

const differs = ({ before, after }: BrokerChange): boolean =>
  before.replicas !== after.replicas ||
  before.leaders !== after.leaders ||
  RATES.some((rate) => loadOf(before, rate) !== loadOf(after, rate))

function pickShown(plan: Plan, full: boolean): readonly BrokerChange[] {
  const { brokers } = plan.summary
  if (full || brokers.length <= SHOWN_BROKERS) return brokers
  const changed = brokers.filter(differs)
  if (changed.length <= SHOWN_BROKERS) return changed
  const weight = ({ before, after }: BrokerChange): number =>
    Math.abs(before.outBytesPerSec - after.outBytesPerSec) +
    Math.abs(before.inBytesPerSec - after.inBytesPerSec)
  const chosen = changed.toSorted((a, b) => weight(b) - weight(a) || a.id - b.id)
  return chosen.slice(0, SHOWN_BROKERS).sort((a, b) => a.id - b.id)
}

/** Each broker now and after, with the most that its disk holds in between, and bars for the least even resource. */
export function brokerTable(plan: Plan, full: boolean): BrokerTable {
  const shown = pickShown(plan, full)
  const { rate, bar } = makeBars(plan)
  const rows = shown.map((broker) => {
    const { id, rack, state, before, after, peakDiskBytes } = broker
    const note = state === undefined ? '' : ` (${state})`
    return [
      `${id}${note}`,
      sanitiseLine(rack ?? '-'),
      change(before.replicas, after.replicas, String),
      change(before.leaders, after.leaders, String),
      change(before.inBytesPerSec, after.inBytesPerSec, rateOf(plan)),
      change(before.outBytesPerSec, after.outBytesPerSec, rateOf(plan)),
      change(before.diskBytes, after.diskBytes, formatBytes),
      peakDiskBytes === undefined ? '-' : formatBytes(peakDiskBytes),
      bar(broker),
    ]
  })
  return {
    titles: [
      'BROKER',
      'RACK',
      'REPLICAS',
      'LEADERS',
      'IN',
      'OUT',
      'DISK',
      'DISK PEAK',
      rate.toUpperCase(),
    ],
    rows,
    hidden: plan.summary.brokers.length - shown.length,
  }
}
