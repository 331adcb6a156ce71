import type { Broker } from '../../model/snapshot.js'
import { formatAge } from '../../units/format-age.js'
import type { Holdings } from './holdings.js'
import { signalsOf, type Signal } from './signals.js'

/** What all signals together say of a broker. */
export type BrokerVerdict = 'alive' | 'hung' | 'restarting' | 'log-dir-failed' | 'dead' | 'unknown'

/** A broker with its verdict, and what it rests on. */
export interface JudgedBroker {
  readonly broker: number
  readonly verdict: BrokerVerdict
  readonly signals: readonly Signal[]
  /** ISO 8601: since when, as far as anybody noticed; absent when nobody knows. */
  readonly since?: string
  /** How long that is at the moment of the snapshot, in milliseconds. */
  readonly forMs?: number
  readonly replicas: number
  /** Whether `since` is this very look: nobody saw it before. */
  readonly isNews: boolean
  /** `broker 3 is dead for 12 min: not registered, port 9092 refuses connections`. */
  readonly text: string
}

/** What a verdict needs beside the broker. */
export interface JudgeOptions {
  readonly nowMs: number
  /** A broker that is away for less may be restarting. */
  readonly minDeadForMs: number
}

/** A registered broker that answers nothing, while its replicas stay in sync, may be in a long pause for this long. */
const HUNG_AFTER_MS = 30_000

type Says = Readonly<Record<Signal['name'], Signal['says']>>

interface Facts {
  readonly broker: Broker
  readonly holdings: Holdings
  readonly says: Says
  /** Since when it is away, or silent, or (when it is there) behind or back. */
  readonly since: string | undefined
  readonly forMs: number | undefined
  readonly options: JudgeOptions
}

const isAway = ({ says }: Facts): boolean => says.registration === 'ill'

/** Replicas it should have in sync, and has none: the cluster does without it. */
const isOut = ({ holdings }: Facts): boolean => holdings.replicas > 0 && holdings.inSync === 0

function hasLasted({ forMs, options }: Facts): boolean {
  return options.minDeadForMs === 0 || (forMs !== undefined && forMs >= options.minDeadForMs)
}

/**
 * Its port swallows connections, and once it was open with nobody behind it, or its host is alive: then a process has that
 * port which accepts no more, since its backlog is full, or a packet filter is in between. A dead process' port is refused.
 */
const isSwallowing = ({ broker, says }: Facts): boolean =>
  broker.evidence?.port === 'timed-out' &&
  (broker.evidence.silentAt !== undefined || says.host === 'well')

/** Not registered, or fenced. Both take a lost session, so they are never the matter of a moment. */
function judgeAway(facts: Facts): BrokerVerdict {
  const { broker, says } = facts
  if (says.api === 'well' || broker.evidence?.registeredAt !== undefined) return 'restarting'
  if (says.port === 'well') return says.api === 'ill' ? 'hung' : 'unknown'
  if (isSwallowing(facts)) return 'hung'
  if (says.port !== 'ill' && !isOut(facts)) return 'unknown'
  return hasLasted(facts) ? 'dead' : 'restarting'
}

/** Registered, but it does not answer us: hung when the cluster misses it as well, or for long enough. */
function judgeSilent(facts: Facts): BrokerVerdict {
  if (facts.says.port !== 'well') return 'unknown'
  return isOut(facts) || (facts.forMs ?? 0) >= HUNG_AFTER_MS ? 'hung' : 'unknown'
}

function isBackLately({ broker, options }: Facts): boolean {
  const { registeredAt, returnedAt } = broker.evidence ?? {}
  const back = [registeredAt, returnedAt].flatMap((at) =>
    at === undefined ? [] : [Date.parse(at)],
  )
  return back.some((at) => options.nowMs - at < options.minDeadForMs)
}

/** A snapshot without evidence says what it has to say by its states: they are verdicts. */
function judgeGiven({ broker, forMs, options }: Facts): BrokerVerdict {
  if (broker.state !== 'dead') return broker.unreachable === undefined ? 'alive' : 'unknown'
  return forMs !== undefined && forMs < options.minDeadForMs ? 'restarting' : 'dead'
}

function decide(facts: Facts): BrokerVerdict {
  const { broker, says, holdings } = facts
  const isGiven = broker.evidence?.registered === undefined
  if (isGiven && (broker.state === 'dead' || says.api === 'ill')) return judgeGiven(facts)
  if (isAway(facts)) return judgeAway(facts)
  if (says.api === 'ill') return judgeSilent(facts)
  const lostReplicas = holdings.offline > 0 || holdings.inSync < holdings.replicas
  if (says['log dirs'] === 'ill' && lostReplicas) return 'log-dir-failed'
  return lostReplicas && isBackLately(facts) ? 'restarting' : 'alive'
}

function sinceOf({ evidence, state, lastSeen }: Broker): string | undefined {
  if (evidence?.registered === undefined) return state === 'dead' ? lastSeen : undefined
  const { registered, api, awayAt, silentAt, behindAt, returnedAt, registeredAt } = evidence
  if (registered !== 'yes') return awayAt
  if (api !== 'answered' && api !== undefined) return silentAt
  return returnedAt ?? behindAt ?? registeredAt
}

const WORDS: Readonly<Record<BrokerVerdict, string>> = {
  alive: 'is alive',
  hung: 'hangs',
  restarting: 'may be restarting',
  'log-dir-failed': 'has lost a log directory',
  dead: 'is dead',
  unknown: 'is in doubt',
}

function sayFor(facts: Facts, verdict: BrokerVerdict): string {
  const { forMs, options } = facts
  if (forMs === undefined || verdict === 'alive' || verdict === 'log-dir-failed') return ''
  const short = verdict === 'restarting' && forMs < options.minDeadForMs
  const limit = short ? `, less than ${formatAge(options.minDeadForMs)}` : ''
  return ` (for ${formatAge(forMs)}${limit})`
}

/** Told of a broker that hangs, also when they say that something is still there. */
const LOCAL: ReadonlySet<Signal['name']> = new Set(['port', 'host'])

/** What speaks against a broker, or for it where nothing does; the sample is told by those who show everything. */
export function sayEvidence({
  verdict,
  signals,
}: Pick<JudgedBroker, 'verdict' | 'signals'>): string {
  const wanted = verdict === 'alive' ? 'well' : 'ill'
  return signals
    .filter(({ says, name }) => says === wanted || (verdict === 'hung' && LOCAL.has(name)))
    .map(({ text }) => text)
    .join(', ')
}

/**
 * The verdict on one broker. Dead and hung take two signals at least, of which a lost registration, replicas that dropped
 * out of the ISR and silence all need time to come about; dead takes the minimum time on top. A failed log directory
 * takes the directory's own error and replicas that went with it: Kafka never brings one back without a restart.
 */
export function judgeBroker(
  broker: Broker,
  holdings: Holdings,
  options: JudgeOptions,
): JudgedBroker {
  const signals = signalsOf(broker, holdings, options.nowMs)
  const saysOf = (name: Signal['name']): Signal['says'] =>
    signals.find((signal) => signal.name === name)?.says ?? 'none'
  const says: Says = {
    registration: saysOf('registration'),
    port: saysOf('port'),
    host: saysOf('host'),
    api: saysOf('api'),
    'log dirs': saysOf('log dirs'),
    'in sync': saysOf('in sync'),
    sample: 'none',
  }
  const since = sinceOf(broker)
  const forMs = since === undefined ? undefined : Math.max(0, options.nowMs - Date.parse(since))
  const facts: Facts = { broker, holdings, says, since, forMs, options }
  const verdict = decide(facts)
  const { id } = broker
  const evidence = sayEvidence({ verdict, signals })
  return {
    broker: id,
    verdict,
    signals,
    ...(since !== undefined && forMs !== undefined && { since, forMs }),
    replicas: holdings.replicas,
    isNews: forMs === 0,
    text: `broker ${id} ${WORDS[verdict]}${sayFor(facts, verdict)}${evidence === '' ? '' : `: ${evidence}`}`,
  }
}
