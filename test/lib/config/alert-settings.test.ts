import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { beforeEach, describe, expect, it } from 'vitest'

import { readAlertUrl, readMailSettings } from '../../../src/lib/config/alert-settings.js'
import { OperatorError } from '../../../src/lib/errors/operator-error.js'

const URL_OF_HOOK = 'https://hooks.example.com/services/T0/B0/very-secret'
const MAIL = {
  host: 'smtp.example.com',
  tls: 'starttls' as const,
  from: 'klinic@example.com',
  to: ['ops@example.com'],
}

const failing = async (work: Promise<unknown>): Promise<OperatorError> => {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof OperatorError) return error
  throw new Error('it should have failed as an operator error')
}

describe('where alerts go, by reference', () => {
  let baseDir = ''
  const remembered: string[] = []
  const place = (env: Readonly<Record<string, string>> = {}) => ({
    baseDir,
    shell: { env, remember: (secret: string) => void remembered.push(secret), prompt: null },
  })
  const file = (name: string, text: string): string => {
    writeFileSync(join(baseDir, name), text, { mode: 0o600 })
    return name
  }

  beforeEach(() => {
    baseDir = mkdtempSync(join(tmpdir(), 'klinic-alert-settings-'))
    remembered.length = 0
  })

  it('reads the address of a webhook beside klinic.yaml, and has it kept out of all output', async () => {
    const reference = { file: file('webhook.url', `${URL_OF_HOOK}\n`) }
    expect(await readAlertUrl(reference, 'alerts.webhook.url', place())).toBe(URL_OF_HOOK)
    expect(remembered).toContain(URL_OF_HOOK)
  })

  it.each(['not an address', 'ftp://example.com/hook', 'file:///etc/passwd', 'hooks.example.com'])(
    'refuses %j as an address, without repeating it',
    async (text) => {
      const reading = readAlertUrl({ env: 'HOOK' }, 'alerts.slack.url', place({ HOOK: text }))
      const error = await failing(reading)
      expect(error).toMatchObject({ code: 'CONFIG_INVALID', exit: 'badConfig' })
      expect(error.message).toContain('alerts.slack.url')
      expect(error.message).not.toContain(text)
    },
  )

  it.each([
    ['starttls', 587],
    ['implicit', 465],
    ['none', 25],
  ] as const)('sends mail with TLS %s to port %i where none is given', async (tls, port) => {
    expect(await readMailSettings({ ...MAIL, tls }, place())).toEqual({ ...MAIL, tls, port })
    expect(await readMailSettings({ ...MAIL, tls, port: 2525 }, place())).toMatchObject({
      port: 2525,
    })
  })

  it('logs in with the secret behind the password', async () => {
    const mail = { ...MAIL, username: 'klinic', password: { env: 'SMTP' } }
    const settings = await readMailSettings(mail, place({ SMTP: 'hunter2' }))
    expect(settings.login).toEqual({ username: 'klinic', password: 'hunter2' })
    expect(remembered).toContain('hunter2')
  })

  it('reads authorities of one’s own beside klinic.yaml, and names the file that cannot be read', async () => {
    const ca = file('ca.pem', 'a certificate')
    expect(await readMailSettings({ ...MAIL, ca }, place())).toMatchObject({
      caPem: 'a certificate',
    })
    const error = await failing(readMailSettings({ ...MAIL, ca: 'absent.pem' }, place()))
    expect(error).toMatchObject({ code: 'TLS_FILE_UNREADABLE', exit: 'badConfig' })
    expect(error.message).toContain('absent.pem')
    expect(error.message).toContain('ENOENT')
  })
})
