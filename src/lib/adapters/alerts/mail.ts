import { createHash } from 'node:crypto'

import type { Transporter } from 'nodemailer'
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js'

import type { AlertChannel, AlertMessage } from '../../ports/alerts.js'
import { describeAlert } from './describe-alert.js'
import { deliverWithRetries, RefusedDelivery, type DeliveryLimits } from './delivery.js'

/** How to reach the mail server, with every secret resolved. */
export interface MailSettings {
  readonly host: string
  readonly port: number
  /** `starttls` insists on it, `implicit` speaks TLS from the first byte, `none` sends in the clear and never logs in. */
  readonly tls: 'starttls' | 'implicit' | 'none'
  /** PEM; default: the authorities of Node. Certificates are always verified. */
  readonly caPem?: string
  readonly login?: { readonly username: string; readonly password: string }
  readonly from: string
  readonly to: readonly string[]
}

const LASTING_REFUSAL = 500

/** Sends each message as a mail in plain text. */
export function openMail(settings: MailSettings, limits: DeliveryLimits): AlertChannel {
  return {
    name: 'mail',
    deliver: async (message) => {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport(optionsOf(settings, limits))
      try {
        await deliverWithRetries(limits, (signal) => send({ transport, settings, signal, message }))
      } finally {
        transport.close()
      }
    },
  }
}

function optionsOf(
  { host, port, tls, caPem, login }: MailSettings,
  { timeoutMs }: DeliveryLimits,
): SMTPTransport.Options {
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { rejectUnauthorized: true, ...(caPem === undefined ? {} : { ca: caPem }) },
    ...(login === undefined ? {} : { auth: { user: login.username, pass: login.password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

async function send(mail: {
  readonly transport: Transporter<SMTPTransport.SentMessageInfo, SMTPTransport.Options>
  readonly settings: MailSettings
  readonly signal: AbortSignal
  readonly message: AlertMessage
}): Promise<void> {
  const { transport, settings, signal, message } = mail
  const { title, lines } = describeAlert(message)
  const envelope = {
    from: settings.from,
    to: [...settings.to],
    subject: title,
    text: `${lines.join('\n')}\n`,
    messageId: messageIdOf(message),
    // Nobody is to answer, and no holiday notice either.
    headers: { 'Auto-Submitted': 'auto-generated' },
    signal,
  }
  try {
    await transport.sendMail(envelope)
  } catch (error) {
    if (signal.aborted) throw new Error('the mail server did not take it in time', { cause: error })
    throw isLasting(error) ? new RefusedDelivery(reasonOf(error)) : new Error(reasonOf(error))
  }
}

/** The same message has the same id however often it is sent: a mail that was taken without our knowing is recognised. */
function messageIdOf({ key, event, at }: AlertMessage): string {
  const hash = createHash('sha256').update(`${key}\n${event}\n${at}`).digest('hex')
  return `<${hash.slice(0, 32)}@klinic>`
}

const valueOf = (error: unknown, name: string): unknown =>
  error instanceof Error ? Object.getOwnPropertyDescriptor(error, name)?.value : undefined

/** A login or an address that was refused, or TLS that cannot be trusted, is refused the next time as well. */
function isLasting(error: unknown): boolean {
  const answered = valueOf(error, 'responseCode')
  const code = valueOf(error, 'code')
  return (typeof answered === 'number' && answered >= LASTING_REFUSAL) || code === 'EAUTH'
}

function reasonOf(error: unknown): string {
  const code = valueOf(error, 'code')
  const answered = valueOf(error, 'responseCode')
  const what = typeof code === 'string' ? code : 'failed'
  return typeof answered === 'number' ? `${what}, it answered ${answered}` : what
}
