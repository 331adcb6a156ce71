import { describe, expect, it } from 'vitest'

import { runKlinic } from './run-klinic.js'

interface Failure {
  readonly error: { readonly code: string; readonly exitCode: number; readonly message: string }
}
const failureOf = (stdout: string): Failure['error'] => (JSON.parse(stdout) as Failure).error

describe('usage errors', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['an unknown flag', ['config', 'show', '--nope']],
    ['an argument that nobody asked for', ['config', 'show', 'extra']],
    ['a flag without its value', ['config', 'show', '--cluster']],
    ['a value that does not parse', ['config', 'show', '--timeout', 'soon']],
    ['a cluster that no file names', ['config', 'show', '--cluster', 'prod']],
    ['an address without a port', ['config', 'show', '--bootstrap-server', 'host']],
    ['a command that does not exist', ['config', 'shwo']],
    ['a topic that does not exist', ['confg']],
  ]
  it.each(cases)('exit 64 for %s, the same with --json', async (_what, args) => {
    const plain = await runKlinic(args)
    const json = await runKlinic([...args, '--json'])
    expect(plain).toMatchObject({ code: 64, stdout: '' })
    expect(plain.stderr).toMatch(/^Error [A-Z_]+: /)
    expect(plain.stderr).not.toMatch(/\n\s+at /)
    expect(json).toMatchObject({ code: 64, stderr: '' })
    expect(failureOf(json.stdout).exitCode).toBe(64)
  })

  it('suggests the command that was meant, and runs nothing', async () => {
    const run = await runKlinic(['config', 'ini'])
    expect(run).toMatchObject({ code: 64, stdout: '' })
    expect(run.stderr).toContain('klinic config init   (did you mean this?)')
  })

  it('names the argument or flag that is missing, as the help writes it', async () => {
    const argument = await runKlinic(['plan', 'show'])
    expect(argument.stderr).toContain('Error USAGE: missing argument FILE\n')
    const flag = await runKlinic(['drain', 'plan'])
    expect(flag.stderr).toContain('Error USAGE: missing flag --brokers\n')
  })

  it('suggests the flag that was meant', async () => {
    const run = await runKlinic(['config', 'show', '--orign'])
    expect(run.stderr).toContain('did you mean --origin?')
  })

  it('prints the help of a topic without a verb on stderr, exit 64, so that a typo in cron is no success', async () => {
    const run = await runKlinic(['config'])
    expect(run).toMatchObject({ code: 64, stdout: '' })
    expect(run.stderr).toContain('config validate')
  })

  it('says that flags stand behind the command', async () => {
    const run = await runKlinic(['--json', 'config', 'show'])
    expect(failureOf(run.stdout).message).toContain('behind the command')
  })
})

describe('output', () => {
  it('keeps the result on stdout and everything else on stderr', async () => {
    const run = await runKlinic(['config', 'show', '--json'])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(run.stdout)).toMatchObject({ file: null, cluster: null })
  })

  it('has no colour in a pipe, nor with NO_COLOR against FORCE_COLOR; FORCE_COLOR colours', async () => {
    const colour = String.fromCharCode(27)
    const piped = await runKlinic(['config', 'show'])
    const both = await runKlinic(['config', 'show'], { env: { NO_COLOR: '1', FORCE_COLOR: '1' } })
    const flag = await runKlinic(['config', 'show', '--no-color'], { env: { FORCE_COLOR: '1' } })
    const forced = await runKlinic(['config', 'show'], { env: { FORCE_COLOR: '1' } })
    expect(piped.stdout).not.toContain(colour)
    expect(both.stdout).not.toContain(colour)
    expect(flag.stdout).not.toContain(colour)
    expect(forced.stdout).toContain(colour)
  })

  it('takes --json from the environment, also for errors', async () => {
    const run = await runKlinic(['config', 'validate'], { env: { KLINIC_JSON: '1' } })
    expect(run.code).toBe(78)
    expect(failureOf(run.stdout).code).toBe('CONFIG_NOT_FOUND')
  })

  it('goes on quietly when its reader goes away', async () => {
    const run = await runKlinic(['config', 'init'], {
      onStart: (child) => child.stdout?.destroy(),
    })
    expect(run).toMatchObject({ code: 0, stderr: '' })
  })

  it('shows hostile text from the command line without its control characters', async () => {
    const evil = `pr${String.fromCharCode(27)}[31mod${String.fromCharCode(0x202e, 0x9b)}`
    const run = await runKlinic(['config', 'show', '--cluster', evil])
    expect(run.stderr).toContain('cluster prod:')
  })

  it('is silent under --quiet when all is well', async () => {
    const run = await runKlinic(['config', 'validate', '--quiet', '--config', '/dev/null'])
    expect(run).toEqual({ code: 0, stdout: '', stderr: '' })
  })
})

describe('help and version', () => {
  it.each([[['--help']], [['-h']], [['help']], [[]]])('%j shows the topics', async (args) => {
    const run = await runKlinic(args)
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toContain('TOPICS')
  })

  it('shows a command with examples before flags, exit codes and variables', async () => {
    const { stdout, code } = await runKlinic(['config', 'show', '-h'])
    expect(code).toBe(0)
    const order = ['USAGE', 'EXAMPLES', 'FLAGS', 'CONNECTION', 'COMMON', 'EXIT CODES', 'KLINIC_']
    const places = order.map((part) => stdout.indexOf(part))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(Math.min(...places)).toBeGreaterThan(0)
  })

  it('shows help wherever the flag stands, even beside mistakes', async () => {
    expect((await runKlinic(['config', 'show', '--nope', '--help'])).code).toBe(0)
  })

  it('prints the exit code table', async () => {
    const { stdout } = await runKlinic(['help', 'exit-codes'])
    expect(stdout).toMatch(/^ {2}75 +try later/m)
  })

  it('prints its version', async () => {
    const { stdout } = await runKlinic(['--version'])
    expect(stdout).toMatch(/^klinic\/\d+\.\d+\.\d+ \S+ node-v\d+/)
  })
})
