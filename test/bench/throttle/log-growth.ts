import { readdirSync, statSync } from 'node:fs'
import type { Lab } from '../../lab/index.js'
import { adding, type BenchMove, type BrokerWork } from './moves.js'

const INTERVAL_MS = 500

/** Bytes of one broker in one direction at one moment. */
export interface GrowthPoint {
  readonly atMs: number
  readonly bytes: number
}

/** Follows the segment files of new replicas on the brokers' disks: what really arrived, whatever anyone says. */
export class LogGrowth {
  readonly #lab: Lab
  readonly #moves: readonly BenchMove[]
  readonly #points = new Map<string, GrowthPoint[]>()
  #timer: NodeJS.Timeout | undefined

  constructor(lab: Lab, moves: readonly BenchMove[]) {
    this.#lab = lab
    this.#moves = moves
  }

  start(): void {
    this.#timer = setInterval(() => this.#sample(), INTERVAL_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#sample()
  }

  /** What a broker received, or what others received of partitions that it leads, over time. */
  pointsOf({
    broker,
    direction,
  }: Pick<BrokerWork, 'broker' | 'direction'>): readonly GrowthPoint[] {
    return this.#points.get(`${broker} ${direction}`) ?? []
  }

  #sample(): void {
    const atMs = Date.now()
    const sums = new Map<string, number>()
    const add = (key: string, bytes: number): void =>
      void sums.set(key, (sums.get(key) ?? 0) + bytes)
    for (const move of this.#moves) {
      for (const broker of adding(move)) {
        const bytes = this.#sizeOf(broker, `${move.topic}-${move.partition}`)
        add(`${broker} in`, bytes)
        add(`${move.from[0] ?? -1} out`, bytes)
      }
    }
    for (const [key, bytes] of sums) {
      const points = this.#points.get(key) ?? []
      points.push({ atMs, bytes })
      this.#points.set(key, points)
    }
  }

  #sizeOf(broker: number, partition: string): number {
    const { logDirs } = this.#lab.brokers.find(({ id }) => id === broker) ?? { logDirs: [] }
    let bytes = 0
    for (const logDir of logDirs) {
      try {
        const folder = `${logDir}/${partition}`
        for (const name of readdirSync(folder)) {
          if (name.endsWith('.log')) bytes += statSync(`${folder}/${name}`).size
        }
      } catch {
        // It is not there yet, or is being made this moment.
      }
    }
    return bytes
  }
}
