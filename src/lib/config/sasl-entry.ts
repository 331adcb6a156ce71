import { OperatorError } from '../errors/operator-error.js'
import type { SaslSettings, ZooKeeperConnection } from '../ports/connection.js'
import { openTokenProvider } from './client-properties/oauth-token.js'
import type { ClusterEntry } from './schema.js'
import { resolveSecret, type SecretShell } from './secrets.js'

const SESSION_TIMEOUT_MS = 10_000

type SaslEntry = NonNullable<ClusterEntry['sasl']>

function missing(key: string): OperatorError {
  return new OperatorError({
    code: 'CONFIG_INVALID',
    message: `${key} is missing in klinic.yaml`,
    nextSteps: ['klinic config init   (prints a file with every key explained)'],
    exit: 'badConfig',
  })
}

function required<T>(value: T | undefined, key: string): T {
  if (value === undefined) throw missing(key)
  return value
}

/** SASL as a cluster's entry asks for it, with its secrets resolved. */
export async function readYamlSasl(
  entry: SaslEntry,
  baseDir: string,
  shell: SecretShell,
): Promise<SaslSettings> {
  if (entry.mechanism !== 'OAUTHBEARER') {
    const username = required(entry.username, 'sasl.username')
    const reference = required(entry.password, 'sasl.password')
    const password = await resolveSecret(reference, { what: 'sasl.password', baseDir, shell })
    return { mechanism: entry.mechanism, username, password }
  }
  const reference = required(entry.clientSecret, 'sasl.clientSecret')
  const token = openTokenProvider({
    endpoint: required(entry.tokenEndpoint, 'sasl.tokenEndpoint'),
    clientId: required(entry.clientId, 'sasl.clientId'),
    clientSecret: await resolveSecret(reference, { what: 'sasl.clientSecret', baseDir, shell }),
    remember: shell.remember,
    ...(entry.scope === undefined ? {} : { scope: entry.scope }),
  })
  return { mechanism: 'OAUTHBEARER', token }
}

/** How to reach ZooKeeper, where the entry has it; else null. */
export async function readZooKeeper(
  entry: ClusterEntry,
  timeoutMs: number,
  where: { readonly baseDir: string; readonly shell: SecretShell },
): Promise<ZooKeeperConnection | null> {
  const { zookeeper } = entry
  if (zookeeper === undefined) return null
  const base = {
    connectString: zookeeper.connect,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    operationTimeoutMs: timeoutMs,
  }
  if (zookeeper.username === undefined && zookeeper.password === undefined) return base
  const username = required(zookeeper.username, 'zookeeper.username')
  const reference = required(zookeeper.password, 'zookeeper.password')
  const what = 'zookeeper.password'
  return {
    ...base,
    digest: { username, password: await resolveSecret(reference, { what, ...where }) },
  }
}
