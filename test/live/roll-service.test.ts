import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openHosts } from '../../src/lib/adapters/ssh/open-hosts.js'
import { systemClock } from '../../src/lib/adapters/system/clock.js'
import { preflight } from '../../src/lib/execution/roll/preflight.js'
import { readService } from '../../src/lib/execution/roll/read-service.js'
import { serviceCommands } from '../../src/lib/execution/roll/service-manager.js'
import { connectSteadily } from '../../src/lib/execution/roll/steady-connection.js'
import type { HostConnection } from '../../src/lib/ports/hosts.js'
import { destroyLab } from '../lab/lab-folder.js'
import { layOut, type LabLayout } from '../lab/options.js'
import { startService } from '../lab/services.js'
import { labAccount } from '../lab/ssh/account.js'
import { hostFiles, startHosts } from '../lab/ssh/hosts.js'
import { startWatchdog } from '../lab/watchdog.js'

const VISUDO = '/usr/sbin/visudo'
const LIMIT = { timeoutMs: 20_000 }

/** Real runit and real sshd; what they run is no broker, so that this takes seconds. */
describe('a service under runit, over SSH', () => {
  let lab: LabLayout
  let watchdog: { release: () => Promise<void> }
  let host: HostConnection
  const serviceOf = (id: number) => serviceCommands('runit', `${lab.dir}/broker-${id}/service`)
  const look = (id: number) => readService(host, serviceOf(id), LIMIT.timeoutMs)

  async function until(id: number, running: boolean): Promise<void> {
    for (let looks = 0; (await look(id)).state.running !== running; looks++) {
      if (looks > 50) throw new Error(`service ${id} does not change`)
      await systemClock.sleep(100)
    }
  }

  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'klinic-service-'))
    lab = layOut({ mode: 'kraft', brokers: 3, basePort: 25_200, hosts: true }, dir, 'none')
    watchdog = startWatchdog(dir)
    for (const broker of lab.brokers) mkdirSync(broker.dir)
    await startHosts(lab)
    const [obedient, deaf] = lab.brokers
    if (obedient === undefined || deaf === undefined) throw new Error('two brokers are needed')
    await startService(lab, obedient, ['sleep', '1000'])
    await startService(lab, deaf, ['/bin/sh', '-c', "trap '' TERM; while :; do sleep 1; done"])
    const files = hostFiles(dir)
    const hosts = openHosts(
      {
        hostKeys: 'strict',
        connectTimeoutMs: 20_000,
        passphraseOf: () => Promise.resolve(undefined),
      },
      {
        configFile: files.configFile,
        identityFiles: [files.identityFile],
        knownHostsFiles: [files.knownHostsFile],
      },
    )
    const { user } = labAccount(dir, lab.basePort)
    const port = obedient.sshPort ?? 0
    host = await connectSteadily(() => hosts.connect(`${user}@127.0.0.1:${port}`))
  })
  afterAll(async () => {
    await host.close()
    await destroyLab(lab.dir)
    await watchdog.release()
  })

  it('stops, stays stopped, and starts as another process', async () => {
    const before = await look(1)
    expect(before).toMatchObject({ state: { running: true } })
    expect((await host.run(serviceOf(1).stop, LIMIT)).exitCode).toBe(0)
    await until(1, false)
    expect((await look(1)).process).toBeNull()
    expect((await host.run(serviceOf(1).start, LIMIT)).exitCode).toBe(0)
    await until(1, true)
    const after = await look(1)
    expect(after.process).not.toBeNull()
    expect(after.process).not.toEqual(before.process)
  })

  it('is still seen to run when it does not heed the stop', async () => {
    const before = await look(2)
    expect((await host.run(serviceOf(2).stop, LIMIT)).exitCode).toBe(0)
    await systemClock.sleep(500)
    const after = await look(2)
    expect(after.state.text).toContain('want down')
    expect(after).toMatchObject({ state: { running: true }, process: before.process })
  })

  it('is not taken for stopped when runit does not know it', async () => {
    await expect(look(3)).rejects.toMatchObject({
      code: 'STATUS_UNREADABLE',
      exit: 'unreachable',
    })
  })

  it('may be stopped, started and looked at by a login that may do nothing else as root', async () => {
    const { user, sudoersFile } = labAccount(lab.dir, lab.basePort)
    expect((await host.run('id -un', LIMIT)).stdout.trim()).toBe(user)
    expect(execFileSync(VISUDO, ['-c', '-f', sudoersFile]).toString()).toContain('OK')
    const service = `${lab.dir}/broker-1/service`
    for (const other of [
      'id',
      `sv down ${service}`,
      `sv -w 0 down ${service}/..`,
      'cat /etc/shadow',
    ])
      expect(await host.run(`sudo -n ${other}`, LIMIT)).toMatchObject({ exitCode: 1, stdout: '' })
  })

  it('is refused before the first stop where a line of sudoers is missing, by name', async () => {
    const { sudoersFile } = labAccount(lab.dir, lab.basePort)
    const lines = readFileSync(sudoersFile, 'utf8')
    const check = () =>
      preflight({ connect: () => Promise.resolve({ ...host, close }), serviceOf }, [1, 2], LIMIT)
    const close = () => Promise.resolve()
    expect(await check()).toHaveLength(2)
    writeFileSync(sudoersFile, lines.replace(/^.*sv up .*broker-2.*\n/m, ''))
    await expect(check()).rejects.toMatchObject({ code: 'SUDO_REFUSED', exit: 'notAuthorised' })
    await expect(check()).rejects.toThrow(/without a password: sv up .*broker-2/)
    writeFileSync(sudoersFile, lines.replace(/^.*sv status .*broker-2.*\n/m, ''))
    await expect(check()).rejects.toMatchObject({
      code: 'SUDO_WANTS_PASSWORD',
      exit: 'notAuthorised',
    })
    writeFileSync(sudoersFile, lines)
  })

  it('may be asked as often as a long wait takes', async () => {
    const warnings: string[] = []
    const note = (warning: Error): void => void warnings.push(warning.name)
    process.on('warning', note)
    for (let looks = 0; looks < 12; looks++) await host.run('true', LIMIT)
    process.off('warning', note)
    expect(warnings).toEqual([])
  })

  it('is reached again after its connection was lost', async () => {
    const lost = await host.run('kill -9 $PPID', LIMIT)
    expect(lost.exitCode).toBeNull()
    expect((await look(1)).state.running).toBe(true)
  })
})
