import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

import type { Lab } from '../lab/index.js'

const CREATED = /Created log for partition (\S+?)[ .]/g

/**
 * Counts the replicas that brokers made on their disks, by what they log: a replica that was moved twice was made
 * twice, however quick that was.
 */
export class CreatedReplicas {
  readonly #lab: Lab
  readonly #readTo = new Map<number, number>()

  constructor(lab: Lab) {
    this.#lab = lab
    this.sinceLastTime()
  }

  /** How often each `topic-partition on broker` was made since the last call. */
  sinceLastTime(): ReadonlyMap<string, number> {
    const made = new Map<string, number>()
    for (const { id, dir } of this.#lab.brokers) {
      for (const [, partition = ''] of this.#unread(id, `${dir}/server.log`).matchAll(CREATED)) {
        const key = `${partition} on ${id}`
        made.set(key, (made.get(key) ?? 0) + 1)
      }
    }
    return made
  }

  #unread(id: number, path: string): string {
    const file = openSync(path, 'r')
    try {
      const from = this.#readTo.get(id) ?? 0
      const chunk = Buffer.alloc(fstatSync(file).size - from)
      readSync(file, chunk, 0, chunk.length, from)
      const whole = chunk.lastIndexOf(0x0a) + 1
      this.#readTo.set(id, from + whole)
      return chunk.toString('utf8', 0, whole)
    } finally {
      closeSync(file)
    }
  }
}
