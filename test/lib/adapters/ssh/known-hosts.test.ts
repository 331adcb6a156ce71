import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, it } from 'vitest'

import { judgeHostKey, parseKnownHosts } from '../../../../src/lib/adapters/ssh/known-hosts.js'
import { quoteShell, withEnvironment } from '../../../../src/lib/adapters/ssh/quote-shell.js'
import { parseHost } from '../../../../src/lib/adapters/ssh/read-ssh-config.js'

const key = Buffer.from(
  'AAAAC3NzaC1lZDI1NTE5AAAAIGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6MDEyMzQ1',
  'base64',
)
const other = Buffer.from(
  'AAAAC3NzaC1lZDI1NTE5AAAAIDAxMjM0NTY3ODlhYmNkZWZnaGlqa2xtbm9wcXJzdHV2',
  'base64',
)
const keyText = key.toString('base64')
const judge = (text: string, host: string, port = 22, shown = key) =>
  judgeHostKey(parseKnownHosts(text), { host, port }, shown)
const dir = mkdtempSync(join(tmpdir(), 'klinic-known-hosts-'))

afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('known_hosts', () => {
  it('matches names, ports, wildcards and negations as OpenSSH does', () => {
    expect(judge(`kafka1,10.0.0.1 ssh-ed25519 ${keyText}`, 'KAFKA1')).toBe('match')
    expect(judge(`kafka1 ssh-ed25519 ${keyText}`, 'kafka1', 2222)).toBe('unknown')
    expect(judge(`[kafka1]:2222 ssh-ed25519 ${keyText}`, 'kafka1', 2222)).toBe('match')
    expect(judge(`*.example.com,!bad.example.com ssh-ed25519 ${keyText}`, 'k.example.com')).toBe(
      'match',
    )
    expect(judge(`*.example.com,!bad.example.com ssh-ed25519 ${keyText}`, 'bad.example.com')).toBe(
      'unknown',
    )
    expect(judge(`kafka? ssh-ed25519 ${keyText}`, 'kafka12')).toBe('unknown')
  })

  it('refuses a changed key and a revoked one, and lets a certificate authority vouch for nothing', () => {
    expect(judge(`kafka1 ssh-ed25519 ${keyText}`, 'kafka1', 22, other)).toBe('changed')
    expect(
      judge(`@revoked * ssh-ed25519 ${keyText}\nkafka1 ssh-ed25519 ${keyText}`, 'kafka1'),
    ).toBe('revoked')
    expect(judge(`@cert-authority * ssh-ed25519 ${keyText}`, 'kafka1')).toBe('unknown')
    expect(judge(`# kafka1 ssh-ed25519 ${keyText}\n\nkafka1`, 'kafka1')).toBe('unknown')
  })

  it('finds the same hosts as ssh-keygen -F in a file of hashed names', () => {
    const file = join(dir, 'hashed')
    const hosts = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? `kafka${index}` : `[kafka${index}]:90${index}`,
    )
    writeFileSync(file, hosts.map((host) => `${host} ssh-ed25519 ${keyText}\n`).join(''))
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' })
    const hashed = execFileSync('cat', [file], { encoding: 'utf8' })
    expect(hashed).toContain('|1|')
    for (let index = 0; index < 20; index++) {
      const port = index % 2 === 0 ? 22 : Number(`90${index}`)
      expect(judge(hashed, `kafka${index}`, port)).toBe('match')
      expect(judge(hashed, `kafka${index}`, port + 1)).toBe('unknown')
    }
  })
})

describe('what reaches the remote shell', () => {
  it('is exactly the argument, whatever it contains', () => {
    for (const text of ["it's", '$(id)', '`id`', 'a b', '', '-rf', '; rm -rf /', 'x\ny', '"']) {
      expect(
        execFileSync('sh', ['-c', `printf %s ${quoteShell(text)}`], { encoding: 'utf8' }),
      ).toBe(text)
    }
  })

  it('keeps a command whole behind its environment', () => {
    const line = withEnvironment('printf "%s|" "$A" "$B"', { B: "2'", A: '$1' })
    expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).toBe("$1|2'|")
    expect(() => withEnvironment('true', { 'A;id': '1' })).toThrow('not a variable name')
  })

  it('never takes a host name that ssh could read as an option', () => {
    expect(() => parseHost('-oProxyCommand=id')).toThrow('not a host')
    expect(() => parseHost('host;id')).toThrow('not a host')
    expect(parseHost('ops@kafka1:2222')).toEqual({ user: 'ops', host: 'kafka1', port: 2222 })
    expect(parseHost('[::1]:22')).toEqual({ host: '::1', port: 22 })
  })
})
