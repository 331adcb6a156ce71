import { OperatorError } from '../../errors/operator-error.js'

/** A checked connect string, ready for the client library. */
export interface ConnectString {
  /** `host:port,host:port/chroot` */
  readonly text: string
  readonly servers: readonly string[]
  /** `/kafka`, or empty. */
  readonly chroot: string
}

const SERVER = /^[A-Za-z0-9._-]+(:\d{1,5})?$/
const CHROOT = /^(\/[A-Za-z0-9._-]+)+$/

/** Checks a connect string before the client library does, which answers with assertions, or connects unencrypted. */
export function parseConnectString(text: string): ConnectString {
  const trimmed = text.trim()
  refuseWhatWeCannot(trimmed)
  const slash = trimmed.indexOf('/')
  const hosts = slash === -1 ? trimmed : trimmed.slice(0, slash)
  const chroot = slash === -1 ? '' : trimmed.slice(slash).replace(/\/+$/, '')
  const servers = hosts.split(',').map((server) => server.trim())
  const bad = servers.find((server) => !SERVER.test(server))
  if (bad !== undefined) throw invalid(trimmed, `"${bad}" is not HOST:PORT`)
  if (chroot !== '' && !CHROOT.test(chroot)) throw invalid(trimmed, `"${chroot}" is not a chroot`)
  return { text: `${servers.join(',')}${chroot}`, servers, chroot }
}

/** Encryption, credentials in the address and IPv6 literals are refused in a sentence of their own. */
function refuseWhatWeCannot(text: string): void {
  const scheme = /^([a-z0-9+_-]+):\/\//i.exec(text)?.[1]
  if (scheme !== undefined)
    throw new OperatorError({
      code: 'ZOOKEEPER_TLS_UNSUPPORTED',
      message: `the ZooKeeper address "${scheme}://…" asks for a protocol that klinic does not speak: it reads ZooKeeper in plain text, without TLS and without SASL`,
      nextSteps: [
        'leave ZooKeeper out of the configuration: everything but its leftovers is read through Kafka itself',
        'or give HOST:PORT of a plain listener, for example through a tunnel',
      ],
      exit: 'badConfig',
    })
  if (text.includes('@'))
    throw invalid(withoutCredentials(text), 'credentials belong into the digest settings')
  if (text.includes('[')) throw invalid(text, 'IPv6 literals are not supported, give a host name')
}

const withoutCredentials = (text: string): string => text.replace(/[^,]*@/g, '***@')

const invalid = (text: string, why: string): OperatorError =>
  new OperatorError({
    code: 'ZOOKEEPER_ADDRESS_INVALID',
    message: `the ZooKeeper address "${text}" cannot be used: ${why}`,
    nextSteps: ['write it as HOST:PORT,HOST:PORT/CHROOT'],
    exit: 'badConfig',
  })
