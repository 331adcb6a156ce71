import { OperatorError } from '../../errors/operator-error.js'
import type { Clock } from '../../ports/clock.js'
import type { ClusterReader } from '../../ports/cluster-reader.js'
import { rememberBytes, type BytesMemory } from '../../traffic/bytes-memory.js'
import type { IntervalTraffic } from '../../traffic/interval.js'
import { measureInterval } from '../../traffic/measure-interval.js'
import type { TrafficReading } from '../../traffic/reading.js'
import { readGroupDirectory, type GroupDirectory } from './group-directory.js'
import { noticesOf } from './notices.js'
import { readRound } from './read-round.js'
import { readTopicTraits, type TopicTraits } from './size-traits.js'

const GROUPS_STALE_AFTER_MS = 10_000
const SILENT_BROKER_REST_MS = 30_000
/** Rounds that may fail one after the other (a broker restarts) before watching is given up. */
const TOLERATED_FAILURES = 3
/** Bound of memory: partitions × readings that are kept, whatever the history asked for. */
const MAX_KEPT_PARTITION_READINGS = 1_000_000

/** Watches the traffic of one cluster, round after round; one at a time, through a reader only. */
export interface TrafficWatch {
  /** Reads once; resolves to how long it took. A failing round is skipped, several in a row throw. */
  round(): Promise<{ readonly tookMs: number }>
  /** Time of the last reading that succeeded; undefined before the first. */
  lastReadingMs(): number | undefined
  /** The traffic since the reading at `fromMs`. */
  measure(fromMs: number): IntervalTraffic
  /** Keeps in mind what an interval taught of the bytes of records, for groups that lag behind. */
  remember(traffic: IntervalTraffic): void
  /** Drops readings from before that time. */
  forgetBefore(ms: number): void
}

/** What a watch remembers between rounds. */
interface WatchState {
  readings: TrafficReading[]
  /** The last two listings together. */
  groups: GroupDirectory | undefined
  listed: GroupDirectory | undefined
  groupsAtMs: number
  traits: TopicTraits
  traitsKnownFor: Set<string>
  silentUntilMs: Map<number, number>
  silentBrokers: Set<number>
  unreadGroups: Map<string, string>
  failures: number
  memory: BytesMemory
}

async function refreshGroups(
  state: WatchState,
  reader: ClusterReader,
  nowMs: number,
): Promise<void> {
  if (state.groups !== undefined && nowMs - state.groupsAtMs < GROUPS_STALE_AFTER_MS) return
  const next = await readGroupDirectory(reader)
  // Those of the listing before too: a coordinator that is silent for a moment does not make its groups vanish.
  const ids = new Set([...next.groupIds, ...(state.listed?.groupIds ?? [])])
  const active = new Set([...next.active, ...(state.listed?.active ?? [])])
  state.groups = { ...next, groupIds: [...ids].sort(), active }
  state.listed = next
  state.groupsAtMs = nowMs
}

async function refreshTraits(
  state: WatchState,
  reader: ClusterReader,
  topics: readonly string[],
): Promise<void> {
  const fresh = topics.filter((topic) => !state.traitsKnownFor.has(topic))
  if (fresh.length === 0) return
  const traits = await readTopicTraits(reader, fresh)
  fresh.forEach((topic) => state.traitsKnownFor.add(topic))
  state.traits = {
    shrinking: new Set([...state.traits.shrinking, ...traits.shrinking]),
    unknown: new Set([...state.traits.unknown, ...traits.unknown]),
  }
}

async function readOnce(state: WatchState, reader: ClusterReader, clock: Clock): Promise<void> {
  await refreshGroups(state, reader, clock.nowMs())
  const now = clock.nowMs()
  const resting = [...state.silentUntilMs].filter(([, until]) => until > now).map(([id]) => id)
  const groupIds = state.groups?.groupIds ?? []
  const skipBrokers = new Set(resting)
  const round = await readRound({ reader, clock, groupIds, skipBrokers })
  await refreshTraits(state, reader, round.topics)
  for (const id of round.silentBrokers) {
    state.silentUntilMs.set(id, clock.nowMs() + SILENT_BROKER_REST_MS)
    state.silentBrokers.add(id)
  }
  for (const [group, reason] of round.unreadGroups) state.unreadGroups.set(group, reason)
  state.readings.push(round.reading)
  const most = Math.max(
    2,
    Math.floor(MAX_KEPT_PARTITION_READINGS / (round.reading.partitions.size + 1)),
  )
  if (state.readings.length > most) state.readings.splice(0, state.readings.length - most)
}

function measure(state: WatchState, fromMs: number): IntervalTraffic {
  const groups = state.groups
  return measureInterval(state.readings, {
    fromMs,
    shrinkingTopics: state.traits.shrinking,
    groupsKnown: groups?.known === true,
    memory: state.memory,
    notices: noticesOf({
      groups,
      readings: state.readings,
      unknownTraits: state.traits.unknown,
      silentBrokers: state.silentBrokers,
      unreadGroups: state.unreadGroups,
    }),
  })
}

/** Opens a watch; nothing is read before the first round. */
export function watchTraffic(reader: ClusterReader, clock: Clock): TrafficWatch {
  const state: WatchState = {
    readings: [],
    groups: undefined,
    listed: undefined,
    groupsAtMs: 0,
    traits: { shrinking: new Set(), unknown: new Set() },
    traitsKnownFor: new Set(),
    silentUntilMs: new Map(),
    silentBrokers: new Set(),
    unreadGroups: new Map(),
    failures: 0,
    memory: new Map(),
  }
  return {
    async round() {
      const before = clock.nowMs()
      try {
        await readOnce(state, reader, clock)
        state.failures = 0
      } catch (error) {
        state.failures += 1
        const first = state.readings.length === 0
        if (!(error instanceof OperatorError) || first || state.failures > TOLERATED_FAILURES)
          throw error
      }
      return { tookMs: clock.nowMs() - before }
    },
    lastReadingMs: () => state.readings.at(-1)?.atMs,
    measure: (fromMs) => measure(state, fromMs),
    remember(traffic) {
      state.memory = rememberBytes(state.memory, traffic)
    },
    forgetBefore(ms) {
      state.readings = state.readings.filter((reading) => reading.atMs >= ms)
      state.silentBrokers.clear()
      state.unreadGroups.clear()
    },
  }
}
