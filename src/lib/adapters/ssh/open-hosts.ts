import type { Duplex } from 'node:stream'

import type { Client } from 'ssh2'

import type { HostConnection, HostConnector } from '../../ports/hosts.js'
import type { SshPolicy } from './connect-ssh2.js'
import { connectSsh2 } from './connect-ssh2.js'
import type { SshOverrides } from './read-ssh-config.js'
import { resolveSshSettings } from './read-ssh-config.js'
import { runRemote } from './run-remote.js'
import { unreachableError } from './ssh-errors.js'
import type { SshSettings } from './ssh-settings.js'

function forward(client: Client, to: SshSettings, timeoutMs: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      reject(unreachableError(to, `the jump host did not forward within ${timeoutMs} ms`))
    }, timeoutMs)
    client.forwardOut('127.0.0.1', 0, to.hostName, to.port, (error, channel) => {
      clearTimeout(deadline)
      if (error === undefined) resolve(channel)
      else reject(unreachableError(to, `the jump host refused to forward: ${error.message}`, error))
    })
  })
}

/** Connects through every jump host in turn; each is logged in to, and its host key verified, like the target. */
async function connectThrough(
  settings: SshSettings,
  policy: SshPolicy,
  overrides: SshOverrides,
): Promise<readonly Client[]> {
  const hops = settings.jumps.map((jump) => ({
    ...resolveSshSettings(jump, { ...overrides }),
    jumps: [],
  }))
  const chain: Client[] = []
  try {
    let sock: Duplex | undefined
    for (const [index, hop] of [...hops, settings].entries()) {
      const client = await connectSsh2(hop, policy, sock)
      chain.push(client)
      const next = [...hops, settings][index + 1]
      if (next !== undefined) sock = await forward(client, next, policy.connectTimeoutMs)
    }
    return chain
  } catch (error) {
    for (const client of chain.toReversed()) client.end()
    throw error
  }
}

/** SSH by the ssh2 package: agent, keys, ~/.ssh/config, ProxyJump, strict known_hosts. */
export function openHosts(policy: SshPolicy, overrides: SshOverrides = {}): HostConnector {
  return {
    connect: async (host): Promise<HostConnection> => {
      const settings = resolveSshSettings(host, overrides)
      const chain = await connectThrough(settings, policy, overrides)
      const client = chain.at(-1)
      if (client === undefined) throw unreachableError(settings, 'no connection was made')
      return {
        host,
        run: (command, options) => runRemote(client, command, options),
        close: () => {
          for (const hop of chain.toReversed()) hop.end()
          return Promise.resolve()
        },
      }
    },
  }
}
