const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const
const FULL = '█'

/** A bar as long as the share of `most`, in eighths of a column; empty when there is nothing to show. */
export function bar(value: number, most: number, width: number): string {
  if (most <= 0 || value <= 0) return ''
  const eighths = Math.max(1, Math.round(Math.min(1, value / most) * width * 8))
  return FULL.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '')
}
