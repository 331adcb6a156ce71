import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import type { SecretReference } from '../../../src/lib/config/schema.js'
import { resolveSecret } from '../../../src/lib/config/secrets.js'

const env = { KAFKA_PASSWORD: 'from-env' }

async function resolve(reference: SecretReference, baseDir = '/') {
  const remembered: string[] = []
  const remember = (secret: string): void => {
    remembered.push(secret)
  }
  const shell = { env, remember, prompt: null }
  const secret = await resolveSecret(reference, { what: 'sasl.password', baseDir, shell })
  expect(remembered).toEqual([secret])
  return secret
}

async function secretFile(mode: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'klinic-'))
  await writeFile(join(folder, 'secret'), 'from-file\n')
  await chmod(join(folder, 'secret'), mode)
  return folder
}

describe('a secret by reference', () => {
  it('comes from a file that only its owner reads, without the line end', async () => {
    expect(await resolve({ file: 'secret' }, await secretFile(0o600))).toBe('from-file')
    expect(await resolve({ file: 'secret' }, await secretFile(0o400))).toBe('from-file')
  })

  it.each([0o640, 0o604, 0o660])('is refused from a file of mode %o', async (mode) => {
    await expect(resolve({ file: 'secret' }, await secretFile(mode))).rejects.toMatchObject({
      exit: 'badConfig',
      message: expect.stringContaining('readable by nobody else') as unknown,
      nextSteps: [expect.stringContaining('chmod 600')],
    })
  })

  it('comes from the environment, or the variable is named', async () => {
    expect(await resolve({ env: 'KAFKA_PASSWORD' })).toBe('from-env')
    await expect(resolve({ env: 'NOT_THERE' })).rejects.toThrow(
      'wants $NOT_THERE, which is not set',
    )
  })

  it('comes from a command, run without a shell', async () => {
    expect(await resolve({ command: ['printf', '%s\\n', '$(id) from-command'] })).toBe(
      '$(id) from-command',
    )
  })

  it('never shows what a failing command printed', async () => {
    const command = ['sh', '-c', 'echo the-secret; echo the-secret >&2; exit 1']
    await expect(resolve({ command })).rejects.toThrow(/^(?!.*the-secret).*failed/)
  })

  it('is not asked for where there is no terminal', async () => {
    await expect(resolve('prompt')).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' })
  })
})
