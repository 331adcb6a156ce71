import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import {
  childState,
  MANAGER_PREFIX,
  processFolder,
  readChild,
  RECORD_THEN_EXEC,
  startChild,
} from './children.js'
import { brokerName } from './names.js'
import type { LabLayout } from './options.js'
import { SUPERVISORD, supervisorctl, startSupervisord } from './supervisord.js'

const run = promisify(execFile)
const START_TIMEOUT_MS = 20_000

/** Something that a service manager runs: a broker, or a controller with a host of its own. */
export interface ServiceLayout {
  readonly id: number
  readonly dir: string
  readonly serviceDir: string | null
  readonly supervised: boolean
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** The name under which the process of a service is recorded. */
export const serviceRecord = (lab: LabLayout, { id }: Pick<ServiceLayout, 'id'>): string =>
  lab.controllers.some((controller) => controller.id === id) ? `controller-${id}` : brokerName(id)

/**
 * The script that the manager runs: it leads a process group of its own, records itself and becomes the JVM. `setsid` keeps
 * the pid where nothing leads yet; supervisord has made it a leader already. Every start leaves a line in `starts`.
 */
function runScript(lab: LabLayout, service: ServiceLayout, command: readonly string[]): string {
  const record = `${processFolder(lab.dir)}/${serviceRecord(lab, service)}`
  const leader = service.supervised ? [] : ['setsid']
  const words = [...leader, '/bin/sh', '-c', RECORD_THEN_EXEC, record, ...command].map(quote)
  return [
    '#!/bin/sh',
    `cd ${quote(lab.dir)} || exit 1`,
    `date +%s >>${quote(`${service.dir}/starts`)}`,
    `exec ${words.join(' ')} </dev/null >>${quote(`${service.dir}/server.log`)} 2>&1`,
    '',
  ].join('\n')
}

async function bringUp(lab: LabLayout, service: ServiceLayout): Promise<void> {
  const dir = service.serviceDir ?? ''
  if (service.supervised) {
    if (childState(lab.dir, SUPERVISORD) === 'gone') await startSupervisord(lab)
    await supervisorctl(lab, 'start', brokerName(service.id))
    return
  }
  const manager = `${MANAGER_PREFIX}${service.id}`
  if (childState(lab.dir, manager) !== 'gone') await run('sv', ['up', dir])
  else await startChild(lab.dir, manager, ['runsv', dir], `${service.dir}/runsv.log`)
}

/** Lets a manager run a service: starts the manager, or tells the one that is there to bring the service up. */
export async function startService(
  lab: LabLayout,
  service: ServiceLayout,
  command: readonly string[],
): Promise<void> {
  const dir = service.serviceDir ?? ''
  const name = serviceRecord(lab, service)
  const before = readChild(lab.dir, name)
  mkdirSync(dir, { recursive: true })
  writeFileSync(`${dir}/run`, runScript(lab, service, command), { mode: 0o755 })
  await bringUp(lab, service)
  const deadline = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadline) {
    const now = readChild(lab.dir, name)
    if (now !== undefined && now.startTicks !== before?.startTicks) return
    await sleep(10)
  }
  throw new Error(`${name} was not started by its manager; see ${service.dir}/runsv.log`)
}

/** Tells the manager to stop a service and not to start it again; the process may take its time. */
export async function stopService(lab: LabLayout, service: ServiceLayout): Promise<void> {
  if (service.supervised) {
    await supervisorctl(lab, 'stop', brokerName(service.id))
    return
  }
  // `sv -w 0` exits 1 when the process is not gone at once, which is how it always is.
  await run('sv', ['-w', '0', 'down', service.serviceDir ?? '']).catch(() => undefined)
}
