import { describe, expect, it } from 'vitest'

import {
  serviceCommands,
  sudoCommand,
  sudoersLines,
} from '../../../../src/lib/execution/roll/service-manager.js'

const ok = (stdout: string, exitCode = 0) => ({ exitCode, stdout, stderr: '' })
const parse = (manager: Parameters<typeof serviceCommands>[0], stdout: string) =>
  serviceCommands(manager, 'kafka').parseStatus(ok(stdout))

describe('the status of a service, from recorded answers', () => {
  it('is read from systemctl show', () => {
    const running =
      'ActiveState=active\nSubState=running\nMainPID=4711\nResult=success\nExecMainCode=0\nExecMainStatus=0\n'
    expect(parse('systemd', running)).toMatchObject({
      running: true,
      pid: 4711,
      lastResult: 'success',
    })
    const stopped = 'ActiveState=inactive\nSubState=dead\nMainPID=0\nResult=success\n'
    expect(parse('systemd', stopped)).toEqual({
      running: false,
      text: 'inactive (dead)',
      lastResult: 'success',
    })
  })

  it('tells a stop that timed out and was killed from a clean one, although systemctl stop returned 0', () => {
    const killed =
      'ActiveState=failed\nSubState=failed\nMainPID=0\nResult=timeout\nExecMainCode=2\nExecMainStatus=9\n'
    expect(parse('systemd', killed)).toMatchObject({ running: false, lastResult: 'timeout' })
    expect(parse('systemd', killed.replace('timeout', 'oom-kill'))).toMatchObject({
      lastResult: 'signal',
    })
    expect(parse('systemd', killed.replace('timeout', 'exit-code'))).toMatchObject({
      lastResult: 'failed',
    })
  })

  it('counts a unit that is still going down as running', () => {
    expect(
      parse('systemd', 'ActiveState=deactivating\nSubState=stop-sigterm\nMainPID=12\n'),
    ).toMatchObject({
      running: true,
      pid: 12,
    })
    expect(parse('supervisord', 'kafka  STOPPING  \n')).toMatchObject({ running: true })
  })

  it('is read from runit, supervisord and upstart', () => {
    expect(parse('runit', 'run: /etc/service/kafka: (pid 99) 5s\n')).toMatchObject({
      running: true,
      pid: 99,
    })
    expect(parse('runit', 'down: /etc/service/kafka: 3s, normally up\n')).toMatchObject({
      running: false,
    })
    expect(parse('supervisord', 'kafka   RUNNING   pid 77, uptime 0:00:05\n')).toMatchObject({
      running: true,
      pid: 77,
    })
    expect(parse('supervisord', 'kafka   STOPPED   Nov 21 11:00 AM\n')).toMatchObject({
      running: false,
    })
    expect(parse('upstart', 'kafka start/running, process 55\n')).toMatchObject({
      running: true,
      pid: 55,
    })
    expect(parse('upstart', 'kafka stop/waiting\n')).toMatchObject({ running: false })
  })

  it('of systemd tells after how long a stop is turned into a kill', () => {
    const of = (span: string) =>
      parse('systemd', `ActiveState=active\nMainPID=7\nTimeoutStopUSec=${span}\n`).stopTimeoutMs
    expect(of('1min 30s')).toBe(90_000)
    expect(of('3min')).toBe(180_000)
    expect(of('infinity')).toBe(Number.POSITIVE_INFINITY)
    expect(of('')).toBeUndefined()
  })

  it('of supervisord tells what it gave up on from what it is still trying', () => {
    const of = (line: string) => parse('supervisord', line)
    expect(of('kafka  FATAL  Exited too quickly (process log may have details)')).toMatchObject({
      running: false,
    })
    expect(of('kafka  STARTING  ')).toMatchObject({ running: true })
    expect(of('kafka: ERROR (no such process)')).toMatchObject({ running: false, unknown: true })
  })

  it('of upstart counts a job that is still stopping as running', () => {
    expect(parse('upstart', 'kafka stop/killed, process 55')).toMatchObject({
      running: true,
      pid: 55,
    })
    expect(parse('upstart', 'kafka start/pre-start, process 56')).toMatchObject({ running: true })
  })

  it('of a custom command is its exit code, and the first number it prints', () => {
    const { parseStatus } = serviceCommands('custom', '', { stop: 'a', start: 'b', status: 'c' })
    expect(parseStatus(ok('broker is up, pid 4242'))).toMatchObject({ running: true, pid: 4242 })
    expect(parseStatus(ok('not running', 3))).toMatchObject({ running: false })
  })
})

describe('service commands', () => {
  it('refuse a unit name that a shell could read', () => {
    expect(() => serviceCommands('systemd', 'kafka; id')).toThrow('not a service name')
    expect(() => serviceCommands('custom', 'x', { stop: 'a' })).toThrow('stop, start and status')
  })

  it('print the sudoers lines that a limited account needs, and nothing else', () => {
    expect(sudoersLines('klinic', serviceCommands('systemd', 'kafka'))).toEqual([
      'klinic ALL=(root) NOPASSWD: /usr/bin/systemctl stop kafka',
      'klinic ALL=(root) NOPASSWD: /usr/bin/systemctl start kafka',
    ])
  })
})

describe('what sudo is asked about before the first stop', () => {
  it('is one plain command: the rest of a longer line would be run by the question', () => {
    expect(sudoCommand('sudo -n sv -w 0 down /srv/kafka; true')).toBe('sv -w 0 down /srv/kafka')
    for (const line of [
      'sudo -n sv down kafka; sudo -n sv kill kafka',
      'sudo -n systemctl stop kafka && reboot',
      'sudo -n systemctl stop kafka | tee log',
      'sudo -n stop $(reboot)',
      'sudo -n stop `reboot`',
      'sudo -n stop\nreboot',
    ])
      expect(sudoCommand(line)).toBeNull()
  })
})

describe('the commands of each manager', () => {
  const linesOf = (manager: Parameters<typeof serviceCommands>[0]) => {
    const { stop, start, status } = serviceCommands(manager, 'kafka')
    return [stop, start, status]
  }

  it('are exactly these', () => {
    expect(linesOf('systemd')).toEqual([
      'sudo -n systemctl stop kafka',
      'sudo -n systemctl start kafka',
      'systemctl show -p ActiveState,SubState,MainPID,Result,ExecMainCode,ExecMainStatus,TimeoutStopUSec kafka',
    ])
    expect(linesOf('upstart')).toEqual([
      'sudo -n stop kafka',
      'sudo -n start kafka',
      'status kafka',
    ])
    expect(linesOf('runit')).toEqual([
      'sudo -n sv -w 0 down kafka; true',
      'sudo -n sv up kafka',
      'sudo -n sv status kafka',
    ])
    expect(linesOf('supervisord')).toEqual([
      'sudo -n supervisorctl stop kafka',
      'sudo -n supervisorctl start kafka',
      'sudo -n supervisorctl status kafka',
    ])
  })

  it('stand in sudoers where each program lies, with what sudoers reads escaped', () => {
    expect(sudoersLines('klinic', serviceCommands('upstart', 'kafka'))[0]).toBe(
      'klinic ALL=(root) NOPASSWD: /sbin/stop kafka',
    )
    expect(sudoersLines('klinic', serviceCommands('supervisord', 'kafka:broker-1'))[0]).toBe(
      String.raw`klinic ALL=(root) NOPASSWD: /usr/bin/supervisorctl stop kafka\:broker-1`,
    )
  })
})

describe('a login that needs no sudo', () => {
  it('gets the built-in commands as they are', () => {
    const commands = serviceCommands('runit', '/srv/kafka', {}, false)
    expect([commands.stop, commands.start, commands.status]).toEqual([
      'sv -w 0 down /srv/kafka; true',
      'sv up /srv/kafka',
      'sv status /srv/kafka',
    ])
    expect(sudoersLines('klinic', commands)).toEqual([])
  })
})

describe('an answer that says nothing', () => {
  it('is never taken for a stopped broker', () => {
    const lines = {
      systemd: 'Failed to connect to bus',
      upstart: 'status: Unknown job: kafka',
      runit: 'fail: kafka: unable to change to service directory: file does not exist',
      supervisord: 'unix:///var/run/supervisor.sock no such file',
    } as const
    for (const manager of ['systemd', 'upstart', 'runit', 'supervisord'] as const)
      expect(parse(manager, lines[manager])).toMatchObject({ running: false, unknown: true })
    const own = serviceCommands('custom', '', { stop: 'a', start: 'b', status: 'c' })
    expect(own.parseStatus(ok('', 127))).toMatchObject({ unknown: true })
    expect(own.parseStatus(ok('', 3)).unknown).toBeUndefined()
  })
})
