import type { BrokerAnswer, PartitionAnswer } from '../../planners/balance/explain-partition.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'

const SHOWN_GROUPS = 12
const SHOWN_IDS = 20

function reasonsOf({ reasons }: BrokerAnswer): string {
  return reasons
    .map(
      ({ text, flag }) => sanitiseLine(text) + (flag === undefined ? '' : ` (lifted by ${flag})`),
    )
    .join('; ')
}

function nameBrokers(ids: readonly number[], full: boolean): string {
  const shown = full ? ids : ids.slice(0, SHOWN_IDS)
  const more = ids.length - shown.length
  return `broker${ids.length === 1 ? '' : 's'} ${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`
}

/** Why other brokers do not hold the partition, one line for all that have the same reasons. */
export function renderBrokerAnswers(
  answer: PartitionAnswer,
  style: Style,
  options: { readonly full: boolean },
): string {
  const groups = new Map<string, number[]>()
  for (const item of answer.brokers) {
    const reasons = reasonsOf(item)
    const group = groups.get(reasons)
    if (group === undefined) groups.set(reasons, [item.broker])
    else group.push(item.broker)
  }
  if (groups.size === 0) return 'Every broker holds a replica of it.'
  const shown = [...groups].slice(0, options.full ? groups.size : SHOWN_GROUPS)
  const hidden = groups.size - shown.length
  return [
    style.bold('Why not elsewhere'),
    ...shown.map(([reasons, ids]) => `  ${nameBrokers(ids, options.full)}: ${reasons}`),
    ...(hidden === 0 ? [] : [style.dim(`  ... ${hidden} more reasons (--full)`)]),
  ].join('\n')
}
