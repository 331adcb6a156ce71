import type { MaintenanceNote } from '../../../model/snapshot-maintenance.js'
import type { Snapshot } from '../../../model/snapshot.js'
import type { Guard, GuardInput } from './guard.js'

/** The cluster, or a broker that the plan gives replicas to, is in maintenance; or nobody can tell. */
export function guardMaintenance({ moves, snapshot }: GuardInput): readonly Guard[] {
  return maintenanceGuards(snapshot, new Set(moves.flatMap(({ adding }) => adding)))
}

/**
 * What maintenance forbids to do with the cluster and these brokers. What `mine` accepts forbids nothing: who puts a
 * cluster into maintenance to work on it goes on to work on it.
 */
export function maintenanceGuards(
  { maintenance }: Pick<Snapshot, 'maintenance'>,
  brokers: ReadonlySet<number>,
  mine: (note: MaintenanceNote) => boolean = () => false,
): readonly Guard[] {
  if (maintenance === undefined) return []
  const guards: Guard[] = []
  const { cluster, unread } = maintenance
  if (unread !== undefined) {
    const isDenied = unread.code.endsWith('AUTHORIZATION_FAILED')
    guards.push({
      code: 'MAINTENANCE_UNREAD',
      message: `what is in maintenance could not be read (${unread.code}): ${unread.message}`,
      lift: 'ignore-maintenance',
      exit: isDenied ? 'notAuthorised' : 'refused',
    })
  }
  if (cluster !== undefined && !mine(cluster)) {
    const message = `the cluster is in maintenance: ${describe(cluster)}`
    guards.push({
      code: 'CLUSTER_IN_MAINTENANCE',
      message,
      lift: 'ignore-maintenance',
      exit: 'tryLater',
    })
  }
  for (const note of maintenance.brokers) {
    if (!brokers.has(note.broker) || mine(note)) continue
    const message = `broker ${note.broker} is in maintenance: ${describe(note)}`
    guards.push({
      code: 'BROKER_IN_MAINTENANCE',
      message,
      lift: 'ignore-maintenance',
      exit: 'tryLater',
    })
  }
  return guards
}

const describe = ({ user, host, since, until, reason }: MaintenanceNote): string =>
  `${user}@${host} since ${since} until ${until}: ${reason}`
