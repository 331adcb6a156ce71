import { formatBytes, formatBytesPerSec } from '../units/format-quantity.js'
import {
  FINE,
  refused,
  type Candidate,
  type LimitedResource,
  type PlacementContext,
  type PlacementRule,
  type Verdict,
} from './placement-rule.js'

const LIMIT_FLAG = '--limit'

function brings(candidate: Candidate, resource: LimitedResource): number {
  if (resource === 'in') return candidate.bytesInPerSec
  return resource === 'out' ? candidate.bytesOutPerSec : candidate.sizeBytes
}

const show = (resource: LimitedResource, value: number): string =>
  resource === 'disk' ? formatBytes(value) : formatBytesPerSec(value)

function within(
  candidate: Candidate,
  context: PlacementContext,
  resource: LimitedResource,
  moment: 'after' | 'during',
): Verdict {
  const limit = context.limit(candidate.to, resource)
  const add = brings(candidate, resource)
  if (limit === undefined || add === 0) return FINE
  const load =
    moment === 'after' ? context.load(candidate.to, resource) : context.peak(candidate.to, resource)
  if (load + add <= limit) return FINE
  return refused(
    moment === 'after' ? 'OVER_LIMIT' : 'OVER_LIMIT_DURING_MOVE',
    `${resource} of broker ${candidate.to} would be ${show(resource, load + add)}` +
      `${moment === 'during' ? ' while both copies exist' : ''}, ${show(resource, load + add - limit)} over its limit of ${show(resource, limit)}`,
    LIMIT_FLAG,
  )
}

const capacity = (resource: LimitedResource, moment: 'after' | 'during'): PlacementRule => ({
  code: `${resource.toUpperCase()}_${moment === 'after' ? 'CAPACITY' : 'PEAK'}`,
  check: (candidate, context) => within(candidate, context, resource, moment),
})

/** Capacity once everything is done, and while old and new copies both exist. */
export const capacityRules: readonly PlacementRule[] = [
  capacity('in', 'after'),
  capacity('out', 'after'),
  capacity('disk', 'after'),
  capacity('in', 'during'),
  capacity('disk', 'during'),
]

/**
 * Kafka puts a new replica into the log directory with the fewest partitions, whatever is free there: with several of
 * them the fullest one has to be able to take it.
 */
export const logDirHasRoom: PlacementRule = {
  code: 'LOG_DIR_ROOM',
  check: ({ to, sizeBytes }, { brokers }) => {
    const usable = (brokers.get(to)?.logDirs ?? []).flatMap((dir) =>
      dir.error === undefined && dir.usableBytes !== undefined ? [dir] : [],
    )
    const fullest = usable.sort((a, b) => (a.usableBytes ?? 0) - (b.usableBytes ?? 0))[0]
    const free = fullest?.usableBytes
    if (fullest === undefined || free === undefined || sizeBytes <= free) return FINE
    return refused(
      'LOG_DIR_ROOM',
      `${fullest.path} on broker ${to} has ${formatBytes(free)} left for ${formatBytes(sizeBytes)}, and Kafka may choose it`,
    )
  },
}
