import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Kafka, logLevel } from 'kafkajs'

import type { RollReport } from '../../src/lib/plan/roll-report.js'
import { KLINIC } from '../klinic-process.js'
import type { Lab } from '../lab/index.js'
import { identityOf } from '../lab/process-identity.js'
import type { HostFiles } from '../lab/ssh/hosts.js'

/** What a command did. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs. */
export interface Running {
  readonly ended: Promise<Ran>
  /** What was said on stderr so far. */
  readonly said: () => string
  kill(signal: NodeJS.Signals): void
}

/** A roll of a lab's brokers as an operator types it, with a state directory of its own. */
export class Operator {
  readonly #lab: Lab
  readonly #state = mkdtempSync(join(tmpdir(), 'klinic-roll-'))

  readonly #files: Partial<HostFiles>

  /** `files` are taken in place of the lab's own: another key, another known_hosts. */
  constructor(lab: Lab, files: Partial<HostFiles> = {}) {
    this.#lab = lab
    this.#files = files
  }

  /** Flags that say how to log in. */
  get login(): readonly string[] {
    if (this.#lab.hosts === null) throw new Error('the lab has no hosts')
    const files = { ...this.#lab.hosts, ...this.#files }
    return [
      ...['--ssh-config', files.configFile],
      ...['--identity-file', files.identityFile],
      ...['--known-hosts', files.knownHostsFile],
    ]
  }

  /** Flags that say what runs the brokers and where, with the pauses of a small cluster. */
  get service(): readonly string[] {
    const service = `${this.#lab.dir}/broker-{broker}/service`
    return [
      ...['--inventory', this.#lab.hosts?.inventoryFile ?? ''],
      ...['--service-manager', 'runit', '--service', service],
      ...['--stable-after-unclean', '8s', '--recovery-stall', '60s', '--start-timeout', '60s'],
    ]
  }

  start(args: readonly string[]): Running {
    return this.#spawn([...args, '--confirm', this.#lab.clusterId])
  }

  #spawn(args: readonly string[]): Running {
    const at = ['--bootstrap-server', this.#lab.bootstrapServers]
    const child = spawn(process.execPath, [KLINIC, ...args, ...at], {
      env: { ...process.env, XDG_STATE_HOME: this.#state, NO_COLOR: '1', SSH_AUTH_SOCK: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = new Promise<Ran>((resolve) => {
      child.on('close', (code) => resolve({ code, stdout, stderr }))
    })
    return { ended, said: () => stderr, kill: (signal) => child.kill(signal) }
  }

  /** `roll plan`, which reads only. */
  plan(args: readonly string[]): Running {
    return this.#spawn(['roll', 'plan', ...args, '--json'])
  }

  /** `roll restart`, with how to reach the hosts; what `args` say stands in place of it. */
  restart(args: readonly string[]): Running {
    const usual = this.service.filter((word, index, words) => {
      const flag = word.startsWith('--') ? word : (words[index - 1] ?? '')
      return !args.includes(flag)
    })
    return this.start(['roll', 'restart', '--json', ...usual, ...this.login, ...args])
  }

  status(): Running {
    return this.#spawn(['roll', 'status', '--json'])
  }

  resume(args: readonly string[] = []): Running {
    return this.start(['roll', 'resume', ...args, '--json', ...this.login])
  }
}

/** The report of a roll; what was said on the way is in the error when there is none. */
export function reportOf(ran: Ran): RollReport {
  try {
    return JSON.parse(ran.stdout) as RollReport
  } catch {
    throw new Error(`no report (exit ${ran.code}): ${ran.stdout}\n${ran.stderr}`)
  }
}

/** Pid and start time of every broker: what a restart changes. */
export function processesOf(lab: Lab): ReadonlyMap<number, string> {
  return new Map(
    lab.brokers.map(({ id, pid }) => {
      const identity = pid === null ? undefined : identityOf(pid)
      return [id, `${identity?.pid ?? '-'}@${identity?.startTicks ?? '-'}`]
    }),
  )
}

const SERVICE_PROGRAM = 'sv'

/** What runit says of a broker: `run: ...` or `down: ...`. */
export const serviceLine = (lab: Lab, id: number): string =>
  execFileSync(SERVICE_PROGRAM, ['status', `${lab.dir}/broker-${id}/service`], { encoding: 'utf8' })

/** How often a broker was started since its lab began. */
export const startsOf = (lab: Lab, id: number): number =>
  readFileSync(`${lab.dir}/broker-${id}/starts`, 'utf8').trim().split('\n').length

/** What a client with acks=all saw. */
export interface ClientTruth {
  acked: number
  /** Sends that failed for good, after the client's own retries. */
  failed: number
  /** Answers, retried or not, that said that too few replicas are in sync. */
  belowMinIsr: number
  /** Longest time between two acknowledgements, of each partition, and when it was over. */
  readonly gapsMs: number[]
  readonly gapEndsMs: number[]
}

/** Produces to every partition with acks=all until stopped, as an application does that retries. */
export async function produceAll(
  lab: Lab,
  topic: string,
  partitions: number,
): Promise<() => Promise<ClientTruth>> {
  const truth: ClientTruth = { acked: 0, failed: 0, belowMinIsr: 0, gapsMs: [], gapEndsMs: [] }
  const kafka = new Kafka({
    brokers: lab.bootstrapServers.split(','),
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      if (/in-sync replicas/i.test(`${entry.log.message} ${String(entry.log['error'])}`))
        truth.belowMinIsr++
    },
    retry: { initialRetryTime: 100, retries: 15, maxRetryTime: 1_000 },
  })
  const producer = kafka.producer()
  await producer.connect()
  let isStopped = false
  const lane = async (partition: number): Promise<void> => {
    let lastMs = Date.now()
    while (!isStopped) {
      try {
        const value = Buffer.alloc(500, 'x')
        await producer.send({ topic, messages: [{ partition, value }], acks: -1 })
        truth.acked++
      } catch {
        truth.failed++
      }
      const nowMs = Date.now()
      if (nowMs - lastMs > (truth.gapsMs[partition] ?? 0)) {
        truth.gapsMs[partition] = nowMs - lastMs
        truth.gapEndsMs[partition] = nowMs
      }
      lastMs = nowMs
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const lanes = Array.from({ length: partitions }, (_, partition) => lane(partition))
  return async () => {
    isStopped = true
    await Promise.all(lanes)
    await producer.disconnect()
    return truth
  }
}
