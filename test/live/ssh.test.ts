import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openHosts } from '../../src/lib/adapters/ssh/open-hosts.js'
import { openSystemHosts } from '../../src/lib/adapters/ssh/open-system-hosts.js'
import type { SshOverrides } from '../../src/lib/adapters/ssh/read-ssh-config.js'
import type { HostKeyPolicy } from '../../src/lib/adapters/ssh/ssh-settings.js'
import type { LabSshd } from '../lab/ssh/start-sshd.js'
import { makeSshKey, startSshd } from '../lab/ssh/start-sshd.js'

const dir = mkdtempSync(join(tmpdir(), 'klinic-sshd-'))
const PORT = 25022
const JUMP_PORT = 25023
let sshd: LabSshd
let jump: LabSshd
let emptyConfig: string

beforeAll(async () => {
  const locked = makeSshKey(join(dir, 'locked'), 'open sesame')
  const shared = makeSshKey(join(dir, 'shared'))
  sshd = await startSshd(join(dir, 'sshd'), PORT, [`${locked}.pub`, `${shared}.pub`])
  jump = await startSshd(join(dir, 'jump'), JUMP_PORT, [`${shared}.pub`])
  emptyConfig = join(dir, 'ssh_config')
  writeFileSync(emptyConfig, '')
  delete process.env['SSH_AUTH_SOCK']
})

afterAll(async () => {
  await sshd.stop()
  await jump.stop()
  rmSync(dir, { recursive: true, force: true })
})

interface Attempt extends SshOverrides {
  readonly policy?: HostKeyPolicy
  readonly passphrase?: string
}

function hosts({ policy = 'strict', passphrase, ...overrides }: Attempt = {}) {
  return openHosts(
    { hostKeys: policy, connectTimeoutMs: 5_000, passphraseOf: () => Promise.resolve(passphrase) },
    {
      configFile: emptyConfig,
      identityFiles: [sshd.identityFile],
      knownHostsFiles: [sshd.knownHostsFile],
      ...overrides,
    },
  )
}

async function run(command: string, timeoutMs = 10_000, env: Record<string, string> = {}) {
  const connection = await hosts().connect(`127.0.0.1:${PORT}`)
  try {
    return await connection.run(command, { timeoutMs, env })
  } finally {
    await connection.close()
  }
}

describe('remote commands over ssh2, against OpenSSH', () => {
  it('return exit code, output and environment, whatever characters the values contain', async () => {
    const value = `it's "quoted" $HOME; \`id\` && echo pwned\nsecond line`
    const result = await run('printf %s "$KLINIC_PHASE"; echo oops >&2; exit 7', 10_000, {
      KLINIC_PHASE: value,
    })
    expect(result).toMatchObject({ exitCode: 7, stdout: value, stderr: 'oops\n', timedOut: false })
  })

  it('report a command ended by a signal as no success', async () => {
    expect(await run('kill -9 $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL' })
  })

  it('stop waiting at the deadline', async () => {
    const result = await run('sleep 30', 700)
    expect(result).toMatchObject({ exitCode: null, timedOut: true })
    expect(result.durationMs).toBeLessThan(10_000)
  })

  it('survive 5 MB on stderr with a background child that keeps the channel open', async () => {
    const result = await run('(sleep 20 &) ; head -c 5000000 /dev/zero | tr "\\0" x >&2; exit 0')
    expect(result).toMatchObject({ exitCode: 0, truncated: true, timedOut: false })
    expect(result.durationMs).toBeLessThan(15_000)
  })
})

describe('the host key', () => {
  it('must be known: an unknown one is refused before anything is sent', async () => {
    const attempt = hosts({ knownHostsFiles: [join(dir, 'none')] }).connect(`127.0.0.1:${PORT}`)
    await expect(attempt).rejects.toMatchObject({ code: 'HOST_KEY_UNKNOWN', exit: 'notAuthorised' })
  })

  it('must not change', async () => {
    const changed = join(dir, 'changed')
    writeFileSync(
      changed,
      `[127.0.0.1]:${PORT} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n`,
    )
    const attempt = hosts({ knownHostsFiles: [changed], policy: 'accept-new' }).connect(
      `127.0.0.1:${PORT}`,
    )
    await expect(attempt).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED', exit: 'notAuthorised' })
  })

  it('is kept and trusted the next time with accept-new', async () => {
    const fresh = join(dir, 'fresh')
    await (
      await hosts({ knownHostsFiles: [fresh], policy: 'accept-new' }).connect(`127.0.0.1:${PORT}`)
    ).close()
    await (await hosts({ knownHostsFiles: [fresh] }).connect(`127.0.0.1:${PORT}`)).close()
  })
})

describe('logging in', () => {
  it('refuses a locked key without a passphrase in one sentence, and opens it with one', async () => {
    const identityFiles = [join(dir, 'locked')]
    await expect(hosts({ identityFiles }).connect(`127.0.0.1:${PORT}`)).rejects.toMatchObject({
      code: 'KEY_NEEDS_PASSPHRASE',
    })
    await expect(
      hosts({ identityFiles, passphrase: 'wrong' }).connect(`127.0.0.1:${PORT}`),
    ).rejects.toMatchObject({
      code: 'KEY_PASSPHRASE_WRONG',
    })
    await (
      await hosts({ identityFiles, passphrase: 'open sesame' }).connect(`127.0.0.1:${PORT}`)
    ).close()
  })

  it('says which keys were tried when the host refuses them', async () => {
    const stranger = makeSshKey(join(dir, 'stranger'))
    await expect(
      hosts({ identityFiles: [stranger] }).connect(`127.0.0.1:${PORT}`),
    ).rejects.toMatchObject({
      code: 'SSH_LOGIN_REFUSED',
      message: expect.stringContaining('stranger') as string,
    })
  })

  it('says that nobody listens', async () => {
    await expect(hosts().connect('127.0.0.1:25999')).rejects.toMatchObject({
      code: 'HOST_UNREACHABLE',
      exit: 'unreachable',
    })
  })

  it('goes through a jump host of ~/.ssh/config, verifying both host keys', async () => {
    const config = join(dir, 'jump_config')
    writeFileSync(
      config,
      `Host inner\n  HostName 127.0.0.1\n  Port ${PORT}\n  ProxyJump 127.0.0.1:${JUMP_PORT}\n`,
    )
    const both = { configFile: config, identityFiles: [join(dir, 'shared')] }
    const connection = await hosts({
      ...both,
      knownHostsFiles: [sshd.knownHostsFile, jump.knownHostsFile],
    }).connect('inner')
    expect(await connection.run('echo inside', { timeoutMs: 5_000 })).toMatchObject({
      stdout: 'inside\n',
    })
    await connection.close()
    await expect(hosts({ ...both }).connect('inner')).rejects.toMatchObject({
      code: 'HOST_KEY_UNKNOWN',
    })
  })
})

describe("the system's own ssh", () => {
  const overrides = () => ({
    configFile: emptyConfig,
    identityFiles: [sshd.identityFile],
    knownHostsFiles: [sshd.knownHostsFile],
  })
  const system = (attempt: SshOverrides = {}, policy: HostKeyPolicy = 'strict') =>
    openSystemHosts(
      { hostKeys: policy, connectTimeoutMs: 20_000 },
      { ...overrides(), ...attempt },
    ).connect(`127.0.0.1:${PORT}`)
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('klinic-ssh-'))

  it('runs commands over one connection, in a folder of its own that goes with it', async () => {
    const before = folders()
    const connection = await system()
    const [folder = ''] = folders().filter((name) => !before.includes(name))
    expect(statSync(join(tmpdir(), folder)).mode & 0o777).toBe(0o700)
    const value = `it's "quoted" $HOME; \`id\` && echo pwned`
    const env = { KLINIC_PHASE: value }
    const limit = { timeoutMs: 30_000 }
    expect(
      await connection.run('printf %s "$KLINIC_PHASE"; echo oops >&2; exit 7', { ...limit, env }),
    ).toMatchObject({ exitCode: 7, stdout: value, stderr: 'oops\n', timedOut: false })
    expect(await connection.run('kill -9 $$', limit)).toMatchObject({ exitCode: 137 })
    expect(await connection.run('kill -9 $PPID', limit)).toMatchObject({ exitCode: null })
    const hung = await connection.run('sleep 30', { timeoutMs: 700 })
    expect(hung).toMatchObject({ exitCode: null, timedOut: true })
    const noisy = '(sleep 20 &) ; head -c 5000000 /dev/zero | tr "\\0" x >&2; exit 0'
    expect(await connection.run(noisy, limit)).toMatchObject({ exitCode: 0, truncated: true })
    await connection.close()
    expect(folders()).not.toContain(folder)
  })

  it('refuses as ssh2 does: unknown and changed host keys, strange and locked keys, nobody there', async () => {
    const none = join(dir, 'none')
    const changed = join(dir, 'changed-too')
    writeFileSync(
      changed,
      `[127.0.0.1]:${PORT} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n`,
    )
    const refusal = async (attempt: SshOverrides, code: string) => {
      const exit = 'notAuthorised'
      await expect(system(attempt)).rejects.toMatchObject({ code, exit })
    }
    await refusal({ knownHostsFiles: [none] }, 'HOST_KEY_UNKNOWN')
    await refusal({ knownHostsFiles: [changed] }, 'HOST_KEY_CHANGED')
    const stranger = makeSshKey(join(dir, 'stranger-too'))
    await refusal({ identityFiles: [stranger] }, 'SSH_LOGIN_REFUSED')
    await refusal({ identityFiles: [join(dir, 'locked')] }, 'SSH_LOGIN_REFUSED')
    const nobody = openSystemHosts({ hostKeys: 'strict', connectTimeoutMs: 5_000 }, overrides())
    await expect(nobody.connect('127.0.0.1:25999')).rejects.toMatchObject({
      code: 'HOST_UNREACHABLE',
      exit: 'unreachable',
    })
    await expect(nobody.connect('-oProxyCommand=id')).rejects.toMatchObject({ code: 'BAD_HOST' })
  })
})
