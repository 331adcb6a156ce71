import type { Broker } from '../../model/snapshot.js'
import { formatAge } from '../../units/format-age.js'
import type { Holdings } from './holdings.js'

/** One thing that was looked at, by itself, and what it says of a broker. */
export interface Signal {
  readonly name: 'registration' | 'port' | 'host' | 'api' | 'log dirs' | 'in sync' | 'sample'
  /** `none`: it says nothing, or was not to be had. That is never evidence against a broker. */
  readonly says: 'well' | 'ill' | 'none'
  readonly text: string
}

const PORTS = {
  open: 'is open',
  refused: 'refuses connections',
  'timed-out': 'does not let itself be connected to in time',
  unreachable: 'cannot be reached',
} as const

function registration({ evidence, fenced, state }: Broker): Signal {
  const seen =
    evidence?.registered ?? (fenced === true ? 'fenced' : state === 'dead' ? 'no' : 'yes')
  const text = { yes: 'registered', fenced: 'registered but fenced', no: 'not registered' }[seen]
  return { name: 'registration', says: seen === 'yes' ? 'well' : 'ill', text }
}

function port({ evidence, port: number }: Broker): Signal {
  const seen = evidence?.port
  if (seen === undefined) {
    const why = number === 0 ? 'its address is not known' : 'not looked at'
    return { name: 'port', says: 'none', text: `port: ${why}` }
  }
  const says = seen === 'open' ? 'well' : 'ill'
  return { name: 'port', says, text: `port ${number} ${PORTS[seen]}` }
}

/** Of a dead process the port is refused; swallowed, while the host lives, it belongs to one that accepts no more. */
function host({ evidence }: Broker): readonly Signal[] {
  const seen = evidence?.port === 'timed-out' ? evidence.sshPort : undefined
  if (seen === undefined) return []
  return seen === 'open' || seen === 'refused'
    ? [
        {
          name: 'host',
          says: 'well',
          text: 'its host answers on port 22: the process hangs, or a packet filter is in between',
        },
      ]
    : [{ name: 'host', says: 'none', text: `its host does not answer on port 22 (${seen})` }]
}

function api({ evidence, unreachable, state }: Broker): Signal {
  if (state === 'dead' && evidence?.port === 'timed-out' && evidence.silentAt !== undefined)
    return { name: 'api', says: 'ill', text: 'answered nothing while its port was still open' }
  const seen = evidence?.api ?? unreachable
  if (seen === undefined) return { name: 'api', says: 'none', text: 'not asked anything' }
  if (seen === 'answered') return { name: 'api', says: 'well', text: 'answers' }
  return { name: 'api', says: 'ill', text: `answers nothing (${seen})` }
}

function logDirs({ logDirs: dirs }: Broker, { offline }: Holdings): Signal {
  const failed = (dirs ?? []).filter(({ error }) => error !== undefined)
  const [first] = failed
  if (first !== undefined) {
    const more = failed.length > 1 ? ` and ${failed.length - 1} more` : ''
    const text = `log directory ${first.path}${more} has failed (${first.error ?? ''})`
    return { name: 'log dirs', says: 'ill', text }
  }
  if (offline > 0) return { name: 'log dirs', says: 'ill', text: `${offline} replicas offline` }
  if (dirs === undefined)
    return { name: 'log dirs', says: 'none', text: 'log directories not read' }
  return { name: 'log dirs', says: 'well', text: 'log directories sound' }
}

function inSync({ replicas, inSync: synced }: Holdings): Signal {
  if (replicas === 0) return { name: 'in sync', says: 'none', text: 'holds no replica' }
  const text = `${synced} of ${replicas} replicas in sync`
  return { name: 'in sync', says: synced === replicas ? 'well' : 'ill', text }
}

function sample({ evidence }: Broker, nowMs: number): Signal {
  const at = evidence?.lastSampleAt
  const text =
    at === undefined ? 'no sample' : `newest sample ${formatAge(nowMs - Date.parse(at))} old`
  return { name: 'sample', says: 'none', text }
}

/** Everything that is known of a broker, signal by signal. Samples are told and never counted. */
export function signalsOf(broker: Broker, holdings: Holdings, nowMs: number): readonly Signal[] {
  return [
    registration(broker),
    port(broker),
    ...host(broker),
    api(broker),
    logDirs(broker, holdings),
    inSync(holdings),
    sample(broker, nowMs),
  ]
}
