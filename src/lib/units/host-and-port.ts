const HOST_AND_PORT = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/

/** `kafka-1:9092`, `[::1]:9092`: host and port, the port in range. */
export function isHostAndPort(text: string): boolean {
  const port = Number(HOST_AND_PORT.exec(text)?.[1] ?? 0)
  return port >= 1 && port <= 65_535
}
