import { basename } from 'node:path'

/** One broker's place in the network of a lab. */
export interface NetworkPlace {
  /** Network namespace of the broker. */
  readonly namespace: string
  /** End of its cable on this side: an interface of the root namespace, a port of the bridge. */
  readonly port: string
  readonly address: string
}

/** A bridge in the root namespace, and brokers behind cables to it. */
export interface NetworkLayout {
  /** Six characters that every name of this lab's network carries. */
  readonly id: string
  readonly bridge: string
  /** Address of the bridge: where brokers reach the controller or ZooKeeper, and everything else outside. */
  readonly gateway: string
}

/** Name of a broker's own end of its cable, inside its namespace. */
export const CABLE = 'eth0'
/** Bits of a lab's subnet. */
export const PREFIX_LENGTH = 24

/** The lab's id, as its folder's name ends. */
export function networkId(labDir: string): string {
  return basename(labDir).slice(-6)
}

/** 198.18.0.0/15 is set aside for benchmarks (RFC 2544); labs whose ports do not meet have subnets that do not meet. */
function subnet(basePort: number): string {
  const index = basePort >> 7
  return `198.${18 + (index >> 8)}.${index & 255}`
}

/** Names and addresses of a lab's network. */
export function layOutNetwork(labDir: string, basePort: number): NetworkLayout {
  const id = networkId(labDir)
  return { id, bridge: `kl${id}b`, gateway: `${subnet(basePort)}.1` }
}

/** Names and address of the nth broker's namespace. */
export function layOutPlace(labDir: string, basePort: number, index: number): NetworkPlace {
  const id = networkId(labDir)
  return {
    namespace: `klinic-${id}-${index + 1}`,
    port: `kl${id}p${index + 1}`,
    address: `${subnet(basePort)}.${index + 11}`,
  }
}
