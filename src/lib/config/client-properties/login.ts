import type { SaslSettings } from '../../ports/connection.js'
import { openTokenProvider } from './oauth-token.js'
import { badProperties, type PropertiesFile } from './properties-file.js'
import { parseJaas, type JaasLogin } from './parse-jaas.js'

const PASSWORD_MODULES: ReadonlySet<string> = new Set([
  'org.apache.kafka.common.security.plain.PlainLoginModule',
  'org.apache.kafka.common.security.scram.ScramLoginModule',
])
const OAUTH_MODULE = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule'

/** SASL as the properties ask for it, from `sasl.jaas.config` (Java) or `sasl.username` and the like (librdkafka). */
export function readLogin(file: PropertiesFile): SaslSettings {
  const mechanism =
    file.get('sasl.mechanism') ??
    file.get('sasl.mechanisms') ??
    (file.kind === 'java' ? 'GSSAPI' : '')
  switch (mechanism.toUpperCase()) {
    case 'PLAIN':
      return { mechanism: 'PLAIN', ...readPassword(file) }
    case 'SCRAM-SHA-256':
      return { mechanism: 'SCRAM-SHA-256', ...readPassword(file) }
    case 'SCRAM-SHA-512':
      return { mechanism: 'SCRAM-SHA-512', ...readPassword(file) }
    case 'OAUTHBEARER':
      return readOauth(file)
    case 'GSSAPI':
      throw badProperties(file, 'Kerberos (GSSAPI) is not spoken by Klinic', [
        'use a listener with SCRAM-SHA-512, PLAIN over TLS, OAUTHBEARER or TLS client certificates',
      ])
    default:
      throw badProperties(file, `sasl.mechanism ${mechanism} is not known`)
  }
}

function readPassword(file: PropertiesFile): { username: string; password: string } {
  const login = file.has('sasl.jaas.config') ? readJaasLogin(file, PASSWORD_MODULES) : null
  const username = login?.options.get('username') ?? file.get('sasl.username')
  const password = login?.options.get('password') ?? file.get('sasl.password')
  if (username === undefined || password === undefined) {
    throw badProperties(
      file,
      'username and password are missing (sasl.jaas.config, or sasl.username)',
    )
  }
  file.remember(password)
  return { username, password }
}

function readOauth(file: PropertiesFile): SaslSettings {
  const login = file.has('sasl.jaas.config') ? readJaasLogin(file, new Set([OAUTH_MODULE])) : null
  const option = (jaas: string, librdkafka: string): string | undefined =>
    login?.options.get(jaas) ?? file.get(librdkafka)
  const endpoint = file.get('sasl.oauthbearer.token.endpoint.url')
  const clientId = option('clientId', 'sasl.oauthbearer.client.id')
  const clientSecret = option('clientSecret', 'sasl.oauthbearer.client.secret')
  if (endpoint === undefined || clientId === undefined || clientSecret === undefined) {
    throw badProperties(
      file,
      'OAUTHBEARER needs sasl.oauthbearer.token.endpoint.url, a client id and a client secret (client credentials)',
    )
  }
  if (!endpoint.startsWith('https://')) {
    throw badProperties(file, 'sasl.oauthbearer.token.endpoint.url must be https')
  }
  file.remember(clientSecret)
  const scope = option('scope', 'sasl.oauthbearer.scope')
  const token = openTokenProvider({
    endpoint,
    clientId,
    clientSecret,
    remember: file.remember,
    ...(scope === undefined ? {} : { scope }),
  })
  return { mechanism: 'OAUTHBEARER', token }
}

function readJaasLogin(file: PropertiesFile, modules: ReadonlySet<string>): JaasLogin {
  const login = parseJaas(file.get('sasl.jaas.config') ?? '')
  if (login === null) {
    throw badProperties(file, 'sasl.jaas.config is not of the form `Module required name="value";`')
  }
  if (!modules.has(login.module)) {
    throw badProperties(
      file,
      `login module ${login.module} does not fit sasl.mechanism, or is not known`,
      ['known are PlainLoginModule, ScramLoginModule and OAuthBearerLoginModule of Kafka itself'],
    )
  }
  for (const [name, value] of login.options) {
    if (value.includes('${')) {
      throw badProperties(
        file,
        `${name} in sasl.jaas.config uses a config provider, which is not resolved`,
      )
    }
  }
  return login
}
