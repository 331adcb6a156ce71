import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Kafka has room for 50 connections that wait to be accepted. */
const AT_ONCE = 80
/** A connection that loopback has not let in by now waits for room. */
const LET_IN_WITHIN_MS = 1_000
const WITHIN_MS = 60_000

/** Connections to a process that accepts none. */
export interface Crowd {
  leave(): void
}

/** Connects to the port of a stopped process until it has no room for another connection. */
export async function crowdOut(host: string, port: number): Promise<Crowd> {
  const sockets: Socket[] = []
  const leave = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const end = Date.now() + WITHIN_MS
  for (;;) {
    const wave = Array.from({ length: AT_ONCE }, () =>
      connect({ host, port }).on('error', () => undefined),
    )
    sockets.push(...wave)
    await sleep(LET_IN_WITHIN_MS)
    if (wave.some(({ connecting }) => connecting)) return { leave }
    if (Date.now() > end) {
      leave()
      throw new Error(`${host}:${port} takes every connection`)
    }
  }
}
