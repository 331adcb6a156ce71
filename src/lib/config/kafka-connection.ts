import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

import { OperatorError } from '../errors/operator-error.js'
import type { KafkaConnection, SaslSettings, TlsSettings } from '../ports/connection.js'
import type { ClusterChoice, ResolvedCluster } from './resolve-cluster.js'
import { isHostAndPort } from '../units/host-and-port.js'
import { readYamlSasl } from './sasl-entry.js'
import { resolveSecret, type SecretShell } from './secrets.js'

/** How to reach a resolved cluster: certificates read, secrets resolved and remembered for redaction. */
export async function openConnection(
  cluster: ResolvedCluster,
  choice: ClusterChoice,
  shell: SecretShell,
): Promise<KafkaConnection> {
  const security = await readSecurity(cluster, choice, shell)
  const bootstrapServers = chooseServers(cluster, choice, security.bootstrapServers)
  const { tls, sasl } = security
  if (sasl !== undefined && tls === undefined && choice.flags['allow-plaintext-sasl'] !== true) {
    throw new OperatorError({
      code: 'SASL_WITHOUT_TLS',
      message: `SASL ${sasl.mechanism} without TLS would show the login to anyone on the way`,
      nextSteps: [
        'security.protocol=SASL_SSL, or `tls:` in klinic.yaml',
        '--allow-plaintext-sasl, where the network is trusted',
      ],
      exit: 'badConfig',
    })
  }
  const { connect, request } = cluster.settings.timeouts
  const requestTimeoutMs = choice.flags.timeout ?? request
  return {
    bootstrapServers,
    clientId: 'klinic',
    connectTimeoutMs: Math.min(connect, requestTimeoutMs),
    requestTimeoutMs,
    ...(tls === undefined ? {} : { tls }),
    ...(sasl === undefined ? {} : { sasl }),
    allowPlaintextSasl: choice.flags['allow-plaintext-sasl'] === true,
  }
}

interface Security {
  readonly bootstrapServers?: readonly string[]
  readonly tls?: TlsSettings
  readonly sasl?: SaslSettings
}

async function readSecurity(
  cluster: ResolvedCluster,
  choice: ClusterChoice,
  shell: SecretShell,
): Promise<Security> {
  const { entry } = cluster
  const baseDir = cluster.file === undefined ? choice.cwd : dirname(cluster.file.path)
  const named = choice.flags['command-config'] ?? entry.clientProperties
  if (named !== undefined) {
    const { readClientProperties } = await import('./client-properties/read.js')
    const cwd = choice.flags['command-config'] === undefined ? baseDir : choice.cwd
    return readClientProperties(named, { cwd, remember: shell.remember })
  }
  return {
    ...(entry.tls === undefined ? {} : { tls: await readYamlTls(entry.tls, baseDir, shell) }),
    ...(entry.sasl === undefined ? {} : { sasl: await readYamlSasl(entry.sasl, baseDir, shell) }),
  }
}

function chooseServers(
  cluster: ResolvedCluster,
  choice: ClusterChoice,
  fromProperties: readonly string[] | undefined,
): readonly string[] {
  const { flags, given } = choice
  const named = flags['bootstrap-server']
  // An address from the environment does not redirect a cluster that was named on the command line.
  const flagCounts = named !== undefined && (given.has('bootstrap-server') || !given.has('cluster'))
  const servers = flagCounts
    ? named.split(',').map((server) => server.trim())
    : (cluster.entry.bootstrapServers ?? fromProperties ?? [])
  const wrong = servers.find((server) => !isHostAndPort(server))
  if (servers.length > 0 && wrong === undefined) return servers
  const names = Object.keys(cluster.file?.raw.clusters ?? {}).sort()
  throw new OperatorError({
    code: 'NO_CLUSTER',
    message: wrong === undefined ? 'no cluster was named' : `${wrong} is not of the form HOST:PORT`,
    nextSteps: [
      '--bootstrap-server HOST:PORT',
      names.length === 0
        ? '--cluster NAME, with a klinic.yaml (klinic config init)'
        : `--cluster NAME, one of ${names.join(', ')}`,
    ],
    exit: 'usage',
  })
}

async function readYamlTls(
  tls: NonNullable<ResolvedCluster['entry']['tls']>,
  baseDir: string,
  shell: SecretShell,
): Promise<TlsSettings> {
  const read = async (path: string): Promise<Buffer> => {
    try {
      return await readFile(resolve(baseDir, path))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
      throw new OperatorError({
        code: 'TLS_FILE_UNREADABLE',
        message: `${resolve(baseDir, path)} (tls in klinic.yaml) cannot be read (${code})`,
        exit: 'badConfig',
      })
    }
  }
  const secret = { what: 'tls.passphrase', baseDir, shell }
  return {
    ...(tls.ca === undefined ? {} : { caPem: (await read(tls.ca)).toString('utf8') }),
    ...(tls.certificate === undefined
      ? {}
      : { certPem: (await read(tls.certificate)).toString('utf8') }),
    ...(tls.key === undefined ? {} : { keyPem: (await read(tls.key)).toString('utf8') }),
    ...(tls.pkcs12 === undefined ? {} : { pkcs12: await read(tls.pkcs12) }),
    ...(tls.passphrase === undefined
      ? {}
      : { passphrase: await resolveSecret(tls.passphrase, secret) }),
    checkHostName: true,
  }
}
