import { readdirSync } from 'node:fs'
import {
  CABLE,
  type NetworkLayout,
  networkId,
  type NetworkPlace,
  PREFIX_LENGTH,
} from './addresses.js'
import { ip, tc } from './ip.js'

/**
 * How much may pass at once, and how long what does not may wait in the queue before it is dropped. With 128 kB a quiet link of
 * 10 MB/s carried most requests in no time, and a busy one did not: no cable does that.
 */
const BURST = '16kb'
const LATENCY = '60ms'

/** Makes the bridge, a namespace for each place, and the cables between them. */
export async function buildNetwork(
  { bridge, gateway }: NetworkLayout,
  places: readonly NetworkPlace[],
): Promise<void> {
  await ip(`link add ${bridge} type bridge`)
  await ip(`addr add ${gateway}/${PREFIX_LENGTH} dev ${bridge}`)
  await ip(`link set ${bridge} up`)
  for (const { namespace, port, address } of places) {
    await ip(`netns add ${namespace}`)
    await ip(`link add ${port} type veth peer name ${CABLE} netns ${namespace}`)
    await ip(`link set ${port} master ${bridge} up`)
    await ip(`-n ${namespace} addr add ${address}/${PREFIX_LENGTH} dev ${CABLE}`)
    await ip(`-n ${namespace} link set lo up`)
    await ip(`-n ${namespace} link set ${CABLE} up`)
  }
}

/** Caps a cable at so many bytes per second in each direction; null takes the cap off. */
export async function limitCable(place: NetworkPlace, bytesPerSec: number | null): Promise<void> {
  const ends = [`dev ${place.port}`, `dev ${CABLE}`]
  for (const [index, end] of ends.entries()) {
    const inside = index === 0 ? '' : `-n ${place.namespace} `
    if (bytesPerSec === null) {
      await tc(`${inside}qdisc del ${end} root`).catch(ignoreAbsent)
    } else {
      const rate = `${Math.round(bytesPerSec * 8)}bit`
      await tc(
        `${inside}qdisc replace ${end} root tbf rate ${rate} burst ${BURST} latency ${LATENCY}`,
      )
    }
  }
}

/** Where there is no cap, there is nothing to take off. */
function ignoreAbsent(error: unknown): void {
  if (error instanceof Error && /handle of zero|No such file/.test(error.message)) return
  throw error
}

/** The words that make a program run inside a namespace; it keeps the process that says them. */
export function inside(namespace: string | null): readonly string[] {
  return namespace === null ? [] : ['nsenter', `--net=/run/netns/${namespace}`]
}

function namesIn(folder: string, beginning: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith(beginning))
  } catch {
    return []
  }
}

/** Takes a lab's network away, however much of it is there. Its processes have to be gone. */
export async function removeNetwork(labDir: string): Promise<void> {
  const id = networkId(labDir)
  for (const name of namesIn('/sys/class/net', `kl${id}`))
    await ip(`link del ${name}`).catch(() => undefined)
  for (const name of namesIn('/run/netns', `klinic-${id}-`))
    await ip(`netns del ${name}`).catch(() => undefined)
}
