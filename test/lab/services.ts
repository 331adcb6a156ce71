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
import type { BrokerLayout, LabLayout } from './options.js'

const run = promisify(execFile)
const START_TIMEOUT_MS = 20_000

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/**
 * The script that runit runs: it leads a process group of its own (`setsid` keeps the pid where nothing leads yet),
 * records itself and becomes the JVM. Every start leaves a line in the broker's `starts`.
 */
function runScript(lab: LabLayout, broker: BrokerLayout, command: readonly string[]): string {
  const record = `${processFolder(lab.dir)}/${brokerName(broker.id)}`
  const words = ['setsid', '/bin/sh', '-c', RECORD_THEN_EXEC, record, ...command].map(quote)
  return [
    '#!/bin/sh',
    `cd ${quote(lab.dir)} || exit 1`,
    `date +%s >>${quote(`${broker.dir}/starts`)}`,
    `exec ${words.join(' ')} </dev/null >>${quote(`${broker.dir}/server.log`)} 2>&1`,
    '',
  ].join('\n')
}

/** Lets runit run a broker: starts its `runsv`, or tells the one that is there to bring the service up. */
export async function startService(
  lab: LabLayout,
  broker: BrokerLayout,
  command: readonly string[],
): Promise<void> {
  const dir = broker.serviceDir ?? ''
  const manager = `${MANAGER_PREFIX}${broker.id}`
  const before = readChild(lab.dir, brokerName(broker.id))
  if (childState(lab.dir, manager) === 'gone') {
    mkdirSync(dir, { recursive: true })
    writeFileSync(`${dir}/run`, runScript(lab, broker, command), { mode: 0o755 })
    await startChild(lab.dir, manager, ['runsv', dir], `${broker.dir}/runsv.log`)
  } else {
    await run('sv', ['up', dir])
  }
  const deadline = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadline) {
    const now = readChild(lab.dir, brokerName(broker.id))
    if (now !== undefined && now.startTicks !== before?.startTicks) return
    await sleep(10)
  }
  throw new Error(`runit did not start broker ${broker.id}; see ${broker.dir}/runsv.log`)
}

/** Tells runit to stop a broker and not to start it again; the process may take its time. */
export async function stopService(broker: BrokerLayout): Promise<void> {
  // `sv -w 0` exits 1 when the process is not gone at once, which is how it always is.
  await run('sv', ['-w', '0', 'down', broker.serviceDir ?? '']).catch(() => undefined)
}
