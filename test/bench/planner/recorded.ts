/** What Cruise Control's optimizer, a byte-aware greedy and a linear programme made of a recorded model. TB, CPU seconds. */
export interface Recorded {
  readonly model: string
  readonly cpu: number
  readonly net: number
  readonly withDisk: number
  readonly greedy?: number
  readonly bound?: number
}

/** Measured once, with the optimizer's "net" goals for in and out and its default goals with disk. */
export const RECORDED: readonly Recorded[] = [
  { model: 's20-2k-skew', cpu: 0.11, net: 4.0, withDisk: 6.7, greedy: 1.5, bound: 1.14 },
  { model: 's20-2k-hetero', cpu: 0.18, net: 13.5, withDisk: 49.1, greedy: 8.1, bound: 6.97 },
  { model: 's24-2k-add4', cpu: 0.23, net: 12.4, withDisk: 17.1, greedy: 5.4, bound: 5.04 },
  { model: 'm100-20k-zipf', cpu: 0.72, net: 0.2, withDisk: 2.4, greedy: 0.06, bound: 0.023 },
  { model: 'm100-20k-grown', cpu: 0.77, net: 59.0, withDisk: 60.5 },
  { model: 'l200-100k-zipf', cpu: 2.42, net: 2.0, withDisk: 5.7 },
]
