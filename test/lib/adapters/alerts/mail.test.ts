import { createServer, type AddressInfo } from 'node:net'

import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'

import { openMail, type MailSettings } from '../../../../src/lib/adapters/alerts/mail.js'
import { hasty, limits, message } from './alert-message.js'
import { makeCertificate, startMailServer } from './mail-server.js'

let certificate: ReturnType<typeof makeCertificate>
beforeAll(() => {
  certificate = makeCertificate()
})

let mail: Awaited<ReturnType<typeof startMailServer>> | null = null
afterEach(async () => {
  await mail?.close()
  mail = null
})

const settings = (port: number, more: Partial<MailSettings>): MailSettings => ({
  host: 'localhost',
  port,
  tls: 'none',
  from: 'klinic@example.com',
  to: ['ops@example.com', 'anna@example.com'],
  ...more,
})
const login = { username: 'klinic', password: 'n0-b0dy-kn0ws' }
type OnAuth = NonNullable<SMTPServerOptions['onAuth']>
const checkLogin: { readonly onAuth: OnAuth } = {
  onAuth: ({ username, password }, _session, done) => {
    if (username === login.username && password === login.password) done(null, { user: 'klinic' })
    else done(new Error(`no ${password ?? ''}`))
  },
}

describe('mail', () => {
  it('goes to everybody, from klinic, as plain text with a subject that says it all', async () => {
    mail = await startMailServer({ authOptional: true, disabledCommands: ['STARTTLS'] })
    await openMail(settings(mail.port, {}), limits).deliver(message)
    const [sent] = mail.mails
    expect(sent).toMatchObject({
      from: 'klinic@example.com',
      to: ['ops@example.com', 'anna@example.com'],
    })
    expect(sent?.text).toContain('Subject: ALERT prod: BROKER_DEAD broker 3')
    expect(sent?.text).toContain('Auto-Submitted: auto-generated')
    expect(sent?.text).toContain('Try: klinic cluster check --cluster prod')
  })

  it('logs in over STARTTLS, to a server whose certificate is checked', async () => {
    mail = await startMailServer({ ...certificate, ...checkLogin })
    const secured = settings(mail.port, { tls: 'starttls', caPem: certificate.cert, login })
    await openMail(secured, limits).deliver(message)
    expect(mail.mails[0]).toMatchObject({ secure: true, user: 'klinic' })
  })

  it('speaks TLS from the first byte where it is told so', async () => {
    mail = await startMailServer({ ...certificate, ...checkLogin, secure: true })
    const secured = settings(mail.port, { tls: 'implicit', caPem: certificate.cert, login })
    await openMail(secured, limits).deliver(message)
    expect(mail.mails).toHaveLength(1)
  })

  it('is not sent to a server that nobody vouches for, nor in the clear where TLS was asked for', async () => {
    mail = await startMailServer({ ...certificate, authOptional: true })
    const unknown = settings(mail.port, { tls: 'starttls' })
    await expect(openMail(unknown, limits).deliver(message)).rejects.toThrow('ESOCKET')
    expect(mail.mails).toHaveLength(0)
    await mail.close()
    mail = await startMailServer({ authOptional: true, disabledCommands: ['STARTTLS'] })
    const refused = openMail(settings(mail.port, { tls: 'starttls' }), limits).deliver(message)
    await expect(refused).rejects.toThrow('ETLS')
    expect(mail.mails).toHaveLength(0)
  })

  it('says that a login was refused, once, and not the password', async () => {
    let logins = 0
    const onAuth: OnAuth = (auth, session, done) => {
      logins += 1
      checkLogin.onAuth(auth, session, done)
    }
    mail = await startMailServer({ ...certificate, onAuth })
    const wrong = { username: 'klinic', password: 'wr0ng-passw0rd' }
    const secured = settings(mail.port, { tls: 'starttls', caPem: certificate.cert, login: wrong })
    await expect(openMail(secured, limits).deliver(message)).rejects.toThrow(
      /^EAUTH, it answered 535$/,
    )
    expect(logins).toBe(1)
  })

  it('is tried again when the server is busy', async () => {
    let tries = 0
    mail = await startMailServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onMailFrom: (_address, _session, done) => {
        tries += 1
        const busy = Object.assign(new Error('later'), { responseCode: 451 })
        done(tries === 1 ? busy : null)
      },
    })
    await openMail(settings(mail.port, {}), limits).deliver(message)
    expect(mail.mails).toHaveLength(1)
  })

  it('gives a server up that takes the connection and says nothing', async () => {
    const mute = createServer(() => undefined)
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const { port } = mute.address() as AddressInfo
    const started = performance.now()
    const delivery = openMail(settings(port, { host: '127.0.0.1' }), hasty).deliver(message)
    await expect(delivery).rejects.toThrow()
    expect(performance.now() - started).toBeLessThan(20_000)
    mute.close()
  })

  it('keeps a line feed of a foreign name out of the header', async () => {
    mail = await startMailServer({ authOptional: true, disabledCommands: ['STARTTLS'] })
    const forged = { ...message, subject: 'broker 3\r\nBcc: all@example.com' }
    await openMail(settings(mail.port, {}), limits).deliver(forged)
    expect(mail.mails[0]?.to).not.toContain('all@example.com')
    expect(mail.mails[0]?.text).not.toMatch(/^Bcc:/m)
  })
})
