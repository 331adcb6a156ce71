import type { Broker, Capacity, LogDir } from '../../../model/snapshot.js'
import type { BrokerSample } from '../../../traffic/sample.js'

type Nullable<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> | null }

/** A broker as Avro has it: absent fields are null. */
interface WireBroker {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
  readonly state: Broker['state']
  readonly capacity: Nullable<Capacity> | null
  readonly logDirs: readonly (Nullable<LogDir> & { readonly path: string })[] | null
  readonly lastSeen: string | null
  readonly fenced: boolean
  readonly unreachable: string | null
}

/** A sample as the newest schema describes it. */
export type WireSample = Omit<BrokerSample, 'broker'> & { readonly broker: WireBroker }

const capacityToWire = (capacity: Capacity): Nullable<Capacity> => ({
  inBytesPerSec: capacity.inBytesPerSec ?? null,
  outBytesPerSec: capacity.outBytesPerSec ?? null,
  diskBytes: capacity.diskBytes ?? null,
})

const capacityFromWire = (wire: Nullable<Capacity>): Capacity => ({
  ...(wire.inBytesPerSec !== null && { inBytesPerSec: wire.inBytesPerSec }),
  ...(wire.outBytesPerSec !== null && { outBytesPerSec: wire.outBytesPerSec }),
  ...(wire.diskBytes !== null && { diskBytes: wire.diskBytes }),
})

const logDirToWire = (dir: LogDir): Nullable<LogDir> & { readonly path: string } => ({
  path: dir.path,
  totalBytes: dir.totalBytes ?? null,
  usableBytes: dir.usableBytes ?? null,
  error: dir.error ?? null,
})

const logDirFromWire = (wire: Nullable<LogDir> & { readonly path: string }): LogDir => ({
  path: wire.path,
  ...(wire.totalBytes !== null && { totalBytes: wire.totalBytes }),
  ...(wire.usableBytes !== null && { usableBytes: wire.usableBytes }),
  ...(wire.error !== null && { error: wire.error }),
})

/** Fills what is absent with null, as Avro unions want it. */
export function toWire(sample: BrokerSample): WireSample {
  const { broker } = sample
  return {
    ...sample,
    broker: {
      id: broker.id,
      host: broker.host,
      port: broker.port,
      rack: broker.rack ?? null,
      state: broker.state,
      capacity: broker.capacity === undefined ? null : capacityToWire(broker.capacity),
      logDirs: broker.logDirs?.map(logDirToWire) ?? null,
      lastSeen: broker.lastSeen ?? null,
      fenced: broker.fenced === true,
      unreachable: broker.unreachable ?? null,
    },
  }
}

/** The inverse of {@link toWire}: null fields of the broker are left out. */
export function fromWire(wire: WireSample): BrokerSample {
  const { broker } = wire
  return {
    ...wire,
    broker: {
      id: broker.id,
      host: broker.host,
      port: broker.port,
      ...(broker.rack !== null && { rack: broker.rack }),
      state: broker.state,
      ...(broker.capacity !== null && { capacity: capacityFromWire(broker.capacity) }),
      ...(broker.logDirs !== null && { logDirs: broker.logDirs.map(logDirFromWire) }),
      ...(broker.lastSeen !== null && { lastSeen: broker.lastSeen }),
      ...(broker.fenced && { fenced: true as const }),
      ...(broker.unreachable !== null && { unreachable: broker.unreachable }),
    },
  }
}
