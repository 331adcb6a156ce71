import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { HealRunReport } from '../../src/lib/plan/heal-run-report.js'
import type { AlertMessage } from '../../src/lib/ports/alerts.js'
import { KLINIC } from '../klinic-process.js'
import type { Lab } from '../lab/index.js'
import { startWebServer, status } from '../lib/adapters/alerts/web-server.js'

/** What a command did. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A host from which klinic is run: with its own state directory, as cron on it would have. */
export interface Host {
  run(...args: readonly string[]): Promise<Ran>
  start(...args: readonly string[]): { readonly ended: Promise<Ran>; kill(): void }
  /** `heal run --quiet --json`, read back. */
  heal(...args: readonly string[]): Promise<Ran & { readonly report: HealRunReport | null }>
  readonly state: string
}

/** Who works on a cluster, and what people are told of it. */
export interface Operations {
  readonly ops: Host
  readonly other: Host
  told(): readonly string[]
  close(): Promise<void>
}

/** A cluster that klinic knows by the name `lab`, two hosts to run it from, and the alerts that its webhook got. */
export async function openOperations(lab: Lab): Promise<Operations> {
  const folder = mkdtempSync(join(tmpdir(), 'klinic-operations-'))
  const server = await startWebServer([status(200)])
  writeFileSync(join(folder, 'webhook.url'), `${server.url}\n`, { mode: 0o600 })
  const servers = lab.bootstrapServers.split(',').map((address) => `'${address}'`)
  const config = join(folder, 'klinic.yaml')
  writeFileSync(
    config,
    `defaults:
  policy: { minDeadFor: 12s, maxDead: 1 }
  heal: { cooldown: 1s }
  alerts: { webhook: { url: { file: webhook.url } } }
clusters:
  lab:
    bootstrapServers: [${servers.join(', ')}]
${coordinationOf(lab)}`,
  )
  const told = (): readonly string[] =>
    server.posted.map(({ body }) => {
      const { event, kind, subject } = body as AlertMessage
      return `${event} ${kind} ${subject}`
    })
  return {
    ops: openHost(join(folder, 'ops'), config),
    other: openHost(join(folder, 'other'), config),
    told,
    close: () => server.close(),
  }
}

/** Hosts agree through Kafka, and where there is ZooKeeper through that: so both are worked with. */
const coordinationOf = ({ zookeeperConnect }: Lab): string =>
  zookeeperConnect === null
    ? ''
    : `    zookeeper: { connect: '${zookeeperConnect}' }
    coordination: { kind: zookeeper }
`

function openHost(home: string, config: string): Host {
  mkdirSync(home, { mode: 0o700 })
  const start: Host['start'] = (...args) => {
    const child = spawn(process.execPath, [KLINIC, ...args], {
      env: { ...process.env, XDG_STATE_HOME: home, KLINIC_CONFIG: config, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = new Promise<Ran>((resolve) => {
      child.on('close', (code) => resolve({ code, stdout, stderr }))
    })
    return { ended, kill: () => child.kill('SIGKILL') }
  }
  return {
    state: join(home, 'klinic'),
    start,
    run: (...args) => start(...args).ended,
    heal: async (...args) => {
      const command = ['heal', 'run', '--cluster', 'lab', '--confirm', 'lab', '--quiet', '--json']
      const ran = await start(...command, ...args).ended
      const parsed: unknown = ran.stdout === '' ? {} : JSON.parse(ran.stdout)
      return { ...ran, report: isReport(parsed) ? parsed : null }
    },
  }
}

const isReport = (value: unknown): value is HealRunReport =>
  typeof value === 'object' && value !== null && 'outcome' in value
