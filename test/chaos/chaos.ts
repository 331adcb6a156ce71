import { join } from 'node:path'

import { fileNameOf } from '../../src/lib/adapters/journal/state-directory.js'
import type { Plan } from '../../src/lib/plan/plan.js'
import type { WantedList } from '../../src/lib/plan/kafka-json.js'
import type { Lab } from '../lab/index.js'
import { look, type Looked } from '../live/reassign-support.js'
import { ControllerWatch } from './controller-watch.js'
import { CreatedReplicas } from './created-replicas.js'
import { compareConfigs, readDynamicConfigs } from './dynamic-configs.js'
import { countLines, journalsOf, whereItStopped } from './journals.js'
import { describePoint, type KillPoint, randomKillPoint, reach } from './kill-points.js'
import { lastWords, Operator, type Ran } from './klinic.js'
import { otherLists } from './moves.js'
import { compareRecords, readNumbered, startNumberedProducer } from './numbered-records.js'
import { checkMovedOnce, checkPlaces, checkRecord, checkStatus, type Finished } from './oracle.js'
import { seeded, type Random } from './random.js'
import { setScene } from './scene.js'

/** How much chaos. */
export interface ChaosOptions {
  readonly lab: Lab
  readonly topic: string
  readonly kills: number
  readonly moves: number
  readonly seed: number
  readonly say: (line: string) => void
}

/** What came of it; no violations is what was to be shown. */
export interface ChaosResult {
  readonly seed: number
  readonly executions: number
  readonly kills: number
  /** How many kills hit where, by the last record of the journal. */
  readonly killedAt: Readonly<Record<string, number>>
  readonly commands: number
  readonly movesDone: number
  readonly replicasMade: number
  readonly recordsAcked: number
  readonly recordsRead: number
  readonly controllerPolls: number
  readonly seconds: number
  readonly violations: readonly string[]
}

const PACE = ['--throttle', '30MB', '--max-in-per-broker', '3', '--max-out-per-broker', '3']
const RECORDS_PER_SEC = 120
/** A plan that is not done after so many commands never will be. */
const MOST_COMMANDS = 200

/** Carries plans out, kills each command at random points, goes on each time, and looks whether anything is amiss. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const cluster = await look(options.lab.bootstrapServers)
  try {
    return await new Chaos(options, cluster).run()
  } finally {
    await cluster.close()
  }
}

class Chaos {
  readonly #options: ChaosOptions
  readonly #cluster: Looked
  readonly #random: Random
  readonly #operator = new Operator()
  readonly #violations: string[] = []
  readonly #killedAt: Record<string, number> = {}
  #clusterId = ''
  #kills = 0
  #executions = 0
  #commands = 0
  #replicasMade = 0

  constructor(options: ChaosOptions, cluster: Looked) {
    this.#options = options
    this.#cluster = cluster
    this.#random = seeded(options.seed)
  }

  async run(): Promise<ChaosResult> {
    const { lab, topic, moves, kills, seed } = this.#options
    const begun = performance.now()
    await setScene(lab, this.#cluster, topic, { partitions: moves, random: this.#random })
    this.#clusterId = (await this.#cluster.snapshot()).cluster.id
    const configs = await readDynamicConfigs(this.#cluster.reader)
    const producer = await startNumberedProducer(lab, topic, RECORDS_PER_SEC)
    const created = new CreatedReplicas(lab)
    const watch = new ControllerWatch(this.#cluster.reader)
    while (this.#kills < kills && this.#violations.length === 0) {
      const finished = await this.#execution()
      await this.#check(finished, created, watch)
    }
    await watch.stop()
    this.#note(compareConfigs(configs, await readDynamicConfigs(this.#cluster.reader)))
    const { acked, errors } = await producer.stop()
    if (errors > 0) this.#note([`${errors} records were refused to the producer`])
    const read = await readNumbered(lab.bootstrapServers, topic, this.#cluster.reader)
    this.#note(compareRecords(acked, read))
    return {
      seed,
      executions: this.#executions,
      kills: this.#kills,
      killedAt: this.#killedAt,
      commands: this.#commands,
      movesDone: this.#executions * moves,
      replicasMade: this.#replicasMade,
      recordsAcked: acked.length,
      recordsRead: read.length,
      controllerPolls: watch.polls,
      seconds: Math.round((performance.now() - begun) / 1000),
      violations: this.#violations,
    }
  }

  /** One plan, from its first command to the one that ends it. */
  async #execution(): Promise<Finished> {
    const { topic } = this.#options
    const before = await this.#lists()
    const wanted = otherLists(this.#random, topic, before)
    const { file, plan } = await this.#plan(wanted)
    const journal = join(
      ...[this.#operator.stateDirectory, 'journals', fileNameOf(this.#clusterId)],
      `${fileNameOf(plan.id)}.journal`,
    )
    this.#executions += 1
    for (let command = 0; command < MOST_COMMANDS; command++) {
      const isBegun = countLines(journal) > 0
      const args = isBegun ? ['resume', plan.id] : ['execute', file, '--adopt-throttles']
      const ran = await this.#command(args, journal)
      if (ran === null) continue
      if (ran.code !== 0)
        this.#note([`${args[0] ?? ''} of ${plan.id} ended with ${lastWords(ran)}`])
      break
    }
    const journals = await journalsOf(this.#operator.stateDirectory, this.#clusterId)
    return { topic, before, wanted, journal: journals.find(({ path }) => path === journal) }
  }

  /** Runs a command to its end, or kills it at a random point while kills are left; null when it was killed. */
  async #command(args: readonly string[], journal: string): Promise<Ran | null> {
    this.#commands += 1
    const { bootstrapServers } = this.#options.lab
    const at = ['--bootstrap-server', bootstrapServers, '--confirm', this.#clusterId]
    const running = this.#operator.start(['reassign', ...args, ...at, ...PACE, '--json'])
    if (this.#kills >= this.#options.kills) return running.ended
    const point: KillPoint = randomKillPoint(this.#random)
    await reach(point, journal, running.ended)
    running.kill('SIGKILL')
    const ran = await running.ended
    if (ran.code !== null) return ran
    this.#kills += 1
    await this.#noteKill(point, args, journal)
    return null
  }

  async #noteKill(point: KillPoint, args: readonly string[], journal: string): Promise<void> {
    const journals = await journalsOf(this.#operator.stateDirectory, this.#clusterId)
    const stored = journals.find(({ path }) => path === journal)
    const where = whereItStopped(stored?.records)
    this.#killedAt[where] = (this.#killedAt[where] ?? 0) + 1
    const lines = stored?.records.length ?? 0
    this.#options.say(
      `kill ${this.#kills}: ${args[0] ?? ''} after ${describePoint(point)}, behind ${where} (line ${lines}${stored?.torn === true ? ', torn' : ''})`,
    )
  }

  async #check(
    finished: Finished,
    created: CreatedReplicas,
    watch: ControllerWatch,
  ): Promise<void> {
    this.#note(await checkPlaces(this.#cluster, finished))
    this.#note(checkRecord(finished))
    const adding = finished.wanted.flatMap(({ partition, replicas }) =>
      replicas.filter((id) => finished.before[partition]?.includes(id) !== true),
    )
    this.#replicasMade += adding.length
    this.#note(checkMovedOnce(finished, created, watch))
    const at = ['--bootstrap-server', this.#options.lab.bootstrapServers, '--json']
    const status = await this.#operator.run(['reassign', 'status', ...at])
    if (status.code === 0) this.#note(checkStatus(status.stdout))
    else this.#note([`reassign status: ${lastWords(status)}`])
    const { moves } = this.#options
    this.#options.say(
      `execution ${this.#executions}: ${moves} moves, ${this.#violations.length} violations`,
    )
  }

  async #lists(): Promise<readonly (readonly number[])[]> {
    const { topics } = await this.#cluster.snapshot()
    const found = topics.find(({ name }) => name === this.#options.topic)
    return found?.partitions.map(({ replicas }) => replicas) ?? []
  }

  async #plan(
    wanted: readonly WantedList[],
  ): Promise<{ readonly file: string; readonly plan: Plan }> {
    const made: Plan[] = []
    const name = `${this.#options.topic}-${this.#executions}.json`
    const file = await this.#cluster.planFile(name, wanted, (plan) => {
      made.push(plan)
      return plan
    })
    const [plan] = made
    if (plan === undefined) throw new Error('no plan was made')
    return { file, plan }
  }

  #note(problems: readonly string[]): void {
    for (const problem of problems) {
      this.#violations.push(problem)
      this.#options.say(`VIOLATION ${problem}`)
    }
  }
}
