const NAMED = 3

/** `1 partition`, `12 partitions`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

/** `a-0, a-1, a-2 and 9 more`: enough for one line. */
export function nameSome(names: readonly string[], limit = NAMED): string {
  const rest = names.length - limit
  return names.slice(0, limit).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

/** `broker 3`, `brokers 2, 3 and 5`. */
export function nameBrokers(ids: readonly number[]): string {
  const sorted = [...ids].sort((a, b) => a - b).map(String)
  if (sorted.length <= 1) return `broker ${sorted.join('')}`
  return `brokers ${sorted.slice(0, -1).join(', ')} and ${sorted.at(-1) ?? ''}`
}

/** Items by key, in order of first appearance. */
export function groupBy<T, K>(
  items: readonly T[],
  keyOf: (item: T) => K,
): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/** `FOLLOWER_FAILURE` as people say it: `follower failure`. */
export function nameReason(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ')
}
