import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { MANAGER_PREFIX, startChild } from './children.js'
import { brokerName } from './names.js'
import type { LabLayout } from './options.js'

const run = promisify(execFile)
const ATTEMPTS = 100

/** Name under which the lab's one supervisord is recorded. */
export const SUPERVISORD = `${MANAGER_PREFIX}supervisord`

/** Home of the lab's login: `supervisorctl` looks for its configuration where it is called. */
const homeOf = (lab: LabLayout): string => `${lab.dir}/hosts/home`

function configuration(lab: LabLayout): string {
  const home = homeOf(lab)
  const programs = lab.brokers
    .filter(({ supervised }) => supervised)
    .flatMap(({ id, serviceDir }) => [
      `[program:${brokerName(id)}]`,
      `command=/bin/sh ${serviceDir ?? ''}/run`,
      'autostart=false',
      'autorestart=true',
      'startsecs=1',
      'stopwaitsecs=60',
    ])
  return [
    '[unix_http_server]',
    `file=${home}/supervisor.sock`,
    'chmod=0700',
    '[supervisord]',
    'nodaemon=true',
    'user=root',
    `logfile=${home}/supervisord.log`,
    `pidfile=${home}/supervisord.pid`,
    `childlogdir=${home}`,
    '[rpcinterface:supervisor]',
    'supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface',
    '[supervisorctl]',
    `serverurl=unix://${home}/supervisor.sock`,
    ...programs,
    '',
  ].join('\n')
}

/** Runs `supervisorctl` on a program of the lab. */
export async function supervisorctl(lab: LabLayout, verb: string, program: string): Promise<void> {
  await run('supervisorctl', ['-c', `${homeOf(lab)}/supervisord.conf`, verb, program])
}

/** Starts the lab's supervisord, which knows all brokers that are to run under it and starts none by itself. */
export async function startSupervisord(lab: LabLayout): Promise<void> {
  const home = homeOf(lab)
  mkdirSync(home, { recursive: true })
  const file = `${home}/supervisord.conf`
  writeFileSync(file, configuration(lab))
  await startChild(lab.dir, SUPERVISORD, ['supervisord', '-n', '-c', file], `${home}/out.log`)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // `pid` answers as soon as the socket does.
    const answered = await run('supervisorctl', ['-c', file, 'pid']).then(
      () => true,
      () => false,
    )
    if (answered) return
    await sleep(100)
  }
  throw new Error(`supervisord does not answer; see ${home}/out.log`)
}
