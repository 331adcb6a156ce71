import type { BalancedResource } from '../../model/broker-load.js'
import { formatBytes, formatBytesPerSec } from '../../units/format-quantity.js'

/** A load in the unit of its resource: `12.3 MB/s`, `1.20 TB`, `310 replicas`. */
export function formatAmount(name: BalancedResource, value: number): string {
  if (name === 'disk') return formatBytes(value)
  if (name === 'in' || name === 'out') return formatBytesPerSec(value)
  return `${Math.round(value * 10) / 10} ${name}`
}
