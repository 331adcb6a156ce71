import type { HostConnection } from '../../ports/hosts.js'

/**
 * A connection that is made anew when it was lost: a broker that is down must not stay down because of a network that was
 * away for a moment. A command is sent again only where its channel could not be opened, so that it never runs twice.
 */
export async function connectSteadily(
  connect: () => Promise<HostConnection>,
): Promise<HostConnection> {
  let current = await connect()
  return {
    host: current.host,
    run: async (command, options) => {
      try {
        return await current.run(command, options)
      } catch {
        await current.close()
        current = await connect()
        return current.run(command, options)
      }
    },
    close: () => current.close(),
  }
}
