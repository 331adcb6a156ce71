/** Where a broker listens. */
export interface BrokerAddress {
  readonly host: string
  readonly port: number
}

const DEFAULT_PORT = 9092

/** `host:port`, `[::1]:port` or `host` alone (then the port is 9092); null when the text is none of them. */
export function parseBrokerAddress(text: string): BrokerAddress | null {
  const match = /^(?:[A-Z_]+:\/\/)?(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/]+))(?::(\d{1,5}))?$/.exec(
    text,
  )
  const host = match?.[1] ?? match?.[2]
  if (host === undefined) return null
  const port = match?.[3] === undefined ? DEFAULT_PORT : Number(match[3])
  return port > 0 && port < 65_536 ? { host, port } : null
}

/** The address as operators write it. */
export function formatAddress({ host, port }: BrokerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
