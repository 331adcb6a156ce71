import { createSecureContext } from 'node:tls'
import type { ConnectionOptions } from 'node:tls'

import { OperatorError } from '../../../errors/operator-error.js'
import type { TlsSettings } from '../../../ports/connection.js'

/** Node's TLS options for our settings: always verified, the context built once for all brokers. */
export function tlsOptions(settings: TlsSettings): ConnectionOptions {
  const given = Object.entries({
    ca: settings.caPem,
    cert: settings.certPem,
    key: settings.keyPem,
    pfx: settings.pkcs12,
    passphrase: settings.passphrase,
  }).filter(([, value]) => value !== undefined)
  return {
    secureContext: secureContext(Object.fromEntries(given)),
    rejectUnauthorized: true,
    ...(settings.checkHostName ? {} : { checkServerIdentity: () => undefined }),
  }
}

function secureContext(material: object): ReturnType<typeof createSecureContext> {
  try {
    return createSecureContext({ ...material, minVersion: 'TLSv1.2' })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new OperatorError({
      code: 'TLS_SETTINGS_UNUSABLE',
      message: `The TLS certificates or keys of this connection cannot be used: ${reason}.`,
      nextSteps: ['Check the files and the passphrase that the connection names.'],
      exit: 'badConfig',
      cause: error,
    })
  }
}
