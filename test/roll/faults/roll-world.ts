import { deepEqual, equal, match } from 'node:assert/strict'

import { createTopic, type Lab, type LabMode, startLab } from '../../lab/index.js'
import { look, type Looked, until } from '../../live/reassign-support.js'
import { Operator, type Ran, type Running, startsOf } from '../../live/roll-support.js'
import { ROTATED, TOPIC, untilWhole } from '../stage.js'

const WITHIN_MS = 240_000

/** What a roll that met a fault has to have come to. */
export interface Outcome {
  readonly exit: number
  /** Found in what it said. */
  readonly says: RegExp
  /** Brokers that started meanwhile, each once; none unless given. */
  readonly started?: readonly number[]
}

/** Three brokers with hosts of their own, and somebody who watches that no two of them are down. */
export class RollWorld {
  readonly lab: Lab
  readonly cluster: Looked
  readonly #watch: NodeJS.Timeout
  #mostDown = 0

  private constructor(lab: Lab, cluster: Looked) {
    this.lab = lab
    this.cluster = cluster
    this.#watch = setInterval(() => {
      const down = lab.brokers.filter(({ state }) => state === 'gone').length
      this.#mostDown = Math.max(this.#mostDown, down)
    }, 100)
  }

  static async open(mode: LabMode, basePort: number): Promise<RollWorld> {
    const brokerConfig = { 'replica.lag.time.max.ms': '5000' }
    const lab = await startLab({ mode, brokers: 3, racks: 3, basePort, hosts: true, brokerConfig })
    try {
      await createTopic(lab, TOPIC, ROTATED, { 'min.insync.replicas': '2' })
      return new RollWorld(lab, await look(lab.bootstrapServers))
    } catch (error) {
      await lab.down()
      throw error
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#watch)
    await this.cluster.close()
    await this.lab.down()
  }

  get ids(): readonly number[] {
    return this.lab.brokers.map(({ id }) => id)
  }

  /** The folder that `sv` takes for a broker. */
  serviceOf(id: number): string {
    return `${this.lab.dir}/broker-${id}/service`
  }

  /** How often each broker was started so far. */
  starts(): readonly number[] {
    return this.ids.map((id) => startsOf(this.lab, id))
  }

  /** A roll by an operator with a state directory of their own. */
  restart(args: readonly string[]): Running {
    return new Operator(this.lab).restart(args)
  }

  /** Waits until a running roll has said something. */
  async untilSaid(running: Running, text: RegExp): Promise<void> {
    let hasEnded = false
    void running.ended.then(() => (hasEnded = true))
    await until(`"${text.source}"`, WITHIN_MS, () => text.test(running.said()) || hasEnded)
    match(running.said(), text)
  }

  /** Runs a roll to its end beside what `meanwhile` does, and holds it to what has to come of it. */
  async expectRoll(
    running: Running,
    { exit, says, started = [] }: Outcome,
    meanwhile: (running: Running) => Promise<void> = () => Promise.resolve(),
  ): Promise<Ran> {
    const before = this.starts()
    this.#mostDown = 0
    await meanwhile(running)
    const ran = await running.ended
    const said = `${ran.stdout}\n${ran.stderr}`
    equal(ran.code, exit, said)
    match(said, says)
    const now = this.starts()
    const moved = this.ids.filter((_, index) => now[index] !== before[index])
    deepEqual(moved, started, said)
    equal(this.#mostDown > 1, false, `two brokers were down at once:\n${said}`)
    return ran
  }

  /** Waits until everything is well again, for the next fault. */
  async heal(): Promise<void> {
    const isRunning = (): boolean => this.lab.brokers.every(({ state }) => state === 'running')
    await until('every broker runs', WITHIN_MS, isRunning)
    // A broker that was killed a moment ago stands in the answers of the others as if nothing had happened.
    await this.lab.waitReady(this.ids, WITHIN_MS)
    await untilWhole(this.lab, this.cluster)
  }
}
