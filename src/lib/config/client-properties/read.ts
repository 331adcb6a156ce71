import type { SaslSettings, TlsSettings } from '../../ports/connection.js'
import { readLogin } from './login.js'
import { badProperties, openPropertiesFile } from './properties-file.js'
import { readTls } from './tls.js'

/** What an operator's client properties say about reaching a cluster. */
export interface ClientSecurity {
  /** From `bootstrap.servers` or `metadata.broker.list`, where the file has it. */
  readonly bootstrapServers?: readonly string[]
  readonly tls?: TlsSettings
  readonly sasl?: SaslSettings
}

/** Reads Java client properties or librdkafka's. Everything wrong with them is exit 78 and names the property. */
export async function readClientProperties(
  path: string,
  options: { readonly cwd: string; readonly remember: (secret: string) => void },
): Promise<ClientSecurity> {
  const file = await openPropertiesFile(path, options)
  const protocol = (file.get('security.protocol') ?? 'PLAINTEXT').toUpperCase()
  if (!/^(PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL)$/.test(protocol)) {
    throw badProperties(file, `security.protocol ${protocol} is not known`)
  }
  const servers = (file.get('bootstrap.servers') ?? file.get('metadata.broker.list') ?? '')
    .split(',')
    .map((server) => server.trim())
    .filter((server) => server !== '')
  return {
    ...(servers.length > 0 ? { bootstrapServers: servers } : {}),
    ...(protocol.endsWith('SSL') ? { tls: await readTls(file) } : {}),
    ...(protocol.startsWith('SASL') ? { sasl: readLogin(file) } : {}),
  }
}
