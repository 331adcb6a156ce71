import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { emptyFolder, runKlinic } from './run-klinic.js'

const CANARY = 'canary-6f1c"\\é'
const env = { KAFKA_PASSWORD: CANARY, KLINIC_TIMEOUT: '2s' }

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = emptyFolder()
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text)
    await chmod(join(folder, name), 0o600)
  }
  return folder
}

const config = (password: string): string => `
clusters:
  prod:
    bootstrapServers: ["127.0.0.1:1"]
    tls: {}
    sasl: {mechanism: PLAIN, username: u, password: ${password}}
`

/** No form of the secret, raw or as JSON, in anything that was printed. */
function expectSilence(run: { readonly stdout: string; readonly stderr: string }): void {
  const out = run.stdout + run.stderr
  expect(out).not.toContain('canary')
  expect(out).not.toContain('6f1c')
}

describe('a secret', () => {
  const references = [
    ['environment', '{env: KAFKA_PASSWORD}'],
    ['file', '{file: password}'],
    ['command', '{command: [printenv, KAFKA_PASSWORD]}'],
  ] as const
  const commands = [
    ['config', 'show', '--origin'],
    ['config', 'show', '--json'],
    ['config', 'validate', '--verbose'],
    ['cluster', 'status', '--verbose'],
    ['cluster', 'status', '--json', '--verbose'],
  ]

  it.each(references)('from %s is never printed', async (_what, reference) => {
    const cwd = await folderWith({ 'klinic.yaml': config(reference), password: `${CANARY}\n` })
    for (const args of commands) {
      const run = await runKlinic(args, { cwd, env })
      expect([0, 69]).toContain(run.code)
      expectSilence(run)
    }
  })

  it('in client properties is never printed', async () => {
    const login = `org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="canary-6f1c";`
    const properties = `security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=${login}\n`
    const cwd = await folderWith({
      'client.properties': properties,
      'broken.properties': properties.replace('";', '"'),
    })
    const flags = ['--bootstrap-server', '127.0.0.1:1', '--verbose', '--command-config']
    const run = await runKlinic(['cluster', 'status', ...flags, 'client.properties'], { cwd, env })
    expect(run.code).toBe(69)
    expectSilence(run)
    const broken = await runKlinic(['cluster', 'status', ...flags, 'broken.properties'], {
      cwd,
      env,
    })
    expect(broken.code).toBe(78)
    expectSilence(broken)
  })

  it('written into klinic.yaml is refused and not repeated', async () => {
    const cwd = await folderWith({ 'klinic.yaml': config('canary-6f1c') })
    const run = await runKlinic(['config', 'validate', '--verbose'], { cwd })
    expect(run.code).toBe(78)
    expect(run.stderr).toContain('never the secret itself')
    expectSilence(run)
  })

  it('that is to be typed is not waited for where there is no terminal', async () => {
    const cwd = await folderWith({ 'klinic.yaml': config('prompt') })
    const run = await runKlinic(['cluster', 'status'], { cwd })
    expect(run.code).toBe(78)
    expect(run.stderr).toContain('there is no terminal')
  })

  it('is not sent over a connection without TLS', async () => {
    const cwd = await folderWith({
      'klinic.yaml': config('{env: KAFKA_PASSWORD}').replace('    tls: {}\n', ''),
    })
    const refused = await runKlinic(['cluster', 'status'], { cwd, env })
    expect(refused.code).toBe(78)
    expect(refused.stderr).toContain('--allow-plaintext-sasl')
    expect(
      (await runKlinic(['cluster', 'status', '--allow-plaintext-sasl'], { cwd, env })).code,
    ).toBe(69)
  })
})
