import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { OperatorError } from '../errors/operator-error.js'
import type { SecretReference } from './schema.js'
import { resolveSecret, type SecretShell } from './secrets.js'
import type { Settings } from './settings.js'

/** Where files and secrets of the configuration are read from. */
export interface SecretPlace {
  readonly baseDir: string
  readonly shell: SecretShell
}

type MailEntry = NonNullable<Settings['alerts']['mail']>

const PORTS = { starttls: 587, implicit: 465, none: 25 } as const

/** How a mail server is reached, with its secrets resolved. */
export type ResolvedMail = Pick<MailEntry, 'host' | 'tls' | 'from' | 'to'> & {
  readonly port: number
  readonly caPem?: string
  readonly login?: { readonly username: string; readonly password: string }
}

/** The address of a webhook, which is a secret. Throws (exit 78) when it is none, without saying it. */
export async function readAlertUrl(
  reference: SecretReference,
  what: string,
  place: SecretPlace,
): Promise<string> {
  const url = await resolveSecret(reference, { what, ...place })
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url
  throw new OperatorError({
    code: 'CONFIG_INVALID',
    message: `${what} does not hold an http or https address`,
    nextSteps: ['klinic config show --origin'],
    exit: 'badConfig',
  })
}

/** Mail as the configuration asks for it. Throws (exit 78) for what cannot be read. */
export async function readMailSettings(mail: MailEntry, place: SecretPlace): Promise<ResolvedMail> {
  const { host, port, tls, ca, username, password, from, to } = mail
  const login =
    username === undefined || password === undefined
      ? {}
      : {
          login: {
            username,
            password: await resolveSecret(password, { what: 'alerts.mail.password', ...place }),
          },
        }
  const caPem = ca === undefined ? {} : { caPem: await readPem(resolve(place.baseDir, ca)) }
  return { host, port: port ?? PORTS[tls], tls, from, to, ...caPem, ...login }
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new OperatorError({
      code: 'TLS_FILE_UNREADABLE',
      message: `${path} (alerts.mail.ca in klinic.yaml) cannot be read (${code})`,
      exit: 'badConfig',
    })
  }
}
