import {
  startMaintenance,
  stopMaintenance,
  type StateChanges,
} from '../coordination/maintenance.js'
import { listMaintenance, type MaintenanceList } from '../coordination/maintenance-list.js'
import type { Maintenance } from '../coordination/documents.js'
import { viewState, type StateView } from '../coordination/view-state.js'
import { OperatorError } from '../errors/operator-error.js'
import { currentActor, noteAction } from './compose-journal.js'
import type { MaintenanceEnd } from './maintenance-flags.js'
import type { ReadContext } from './read-context.js'
import type { WriteContext } from './write-context.js'

const DAY_MS = 86_400_000
/** What is forgotten would keep every repair away: longer maintenance has to be asked for again. */
const LONGEST_DAYS = 30

/** Maintenance as a command was asked to begin it; `brokers` undefined means the whole cluster. */
export interface StartRequest {
  readonly brokers: readonly number[] | undefined
  readonly reason: string
  readonly until: MaintenanceEnd
}

/** What a change needs beside the cluster. */
export interface ChangeTools {
  /** Has the change confirmed; called only when something would change. */
  readonly confirm: (what: string, clusterId: string) => Promise<void>
  readonly warn: (text: string) => void
  readonly requireAudit: boolean
}

/** Id of the cluster that answers; a wrong one was refused by then. */
export async function clusterIdOf(context: ReadContext): Promise<string> {
  const { clusterId } = await context.withReader((reader) => reader.readMetadata({ topics: [] }))
  return clusterId
}

/** What is in maintenance now. */
export async function readMaintenance(context: ReadContext): Promise<MaintenanceList> {
  const { readState } = await import('./read-state.js')
  const clusterId = await clusterIdOf(context)
  const nowMs = context.clock.nowMs()
  return listMaintenance(clusterId, await readState(context, clusterId), { nowMs })
}

/** Begins maintenance, or changes what stands; asking twice writes once. */
export async function beginMaintenance(
  context: WriteContext,
  { brokers, reason, until }: StartRequest,
  tools: ChangeTools,
): Promise<MaintenanceList> {
  const sinceMs = context.clock.nowMs()
  const untilMs = await momentOf(until, sinceMs)
  const { user, host } = currentActor()
  const subject = subjectOf(brokers)
  const end = new Date(untilMs).toISOString()
  return change(context, tools, {
    name: 'maintenance start',
    subject,
    what: `put ${subject} into maintenance until ${end}`,
    message: `until ${end}: ${reason}`,
    draw: (state) =>
      startMaintenance(state, { brokers: brokers ?? null, user, host, reason, sinceMs, untilMs }),
  })
}

/** Ends maintenance; what is not in maintenance is no error. */
export function endMaintenance(
  context: WriteContext,
  brokers: readonly number[] | undefined,
  tools: ChangeTools,
): Promise<MaintenanceList> {
  const subject = subjectOf(brokers)
  return change(context, tools, {
    name: 'maintenance stop',
    subject,
    what: `end the maintenance of ${subject}`,
    message: 'ended',
    draw: (state) => stopMaintenance(state, brokers ?? null),
  })
}

interface Change {
  readonly name: string
  readonly subject: string
  readonly what: string
  readonly message: string
  readonly draw: (state: StateView) => StateChanges<Maintenance>
}

async function change(
  context: WriteContext,
  { confirm, warn, requireAudit }: ChangeTools,
  { name, subject, what, message, draw }: Change,
): Promise<MaintenanceList> {
  const clusterId = await clusterIdOf(context)
  return context.withCoordination(clusterId, async ({ state: store }) => {
    const nowMs = context.clock.nowMs()
    const read = async (): Promise<StateView> => viewState(await store.read(), nowMs)
    const before = await read()
    if (draw(before).size === 0) return listMaintenance(clusterId, before, { nowMs })
    await confirm(what, clusterId)
    const note = { clusterId, what: name, subject, message }
    // With an audit required nothing is done before it is written down.
    if (requireAudit) await noteAction(context, { warn, requireAudit }, note)
    await store.write(draw(await read()))
    if (!requireAudit) await noteAction(context, { warn }, note)
    return listMaintenance(clusterId, await read(), { nowMs, changed: true })
  })
}

const subjectOf = (brokers: readonly number[] | undefined): string =>
  brokers === undefined
    ? 'the cluster'
    : `broker${brokers.length === 1 ? '' : 's'} ${brokers.join(', ')}`

async function momentOf(end: MaintenanceEnd, nowMs: number): Promise<number> {
  const atMs = 'atMs' in end ? end.atMs : 'afterMs' in end ? nowMs + end.afterMs : null
  const { nextTimeOfDay } = await import('../units/windows/window-times.js')
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const untilMs = atMs ?? ('minutes' in end ? nextTimeOfDay(end.minutes, zone, nowMs) : nowMs)
  if (untilMs > nowMs && untilMs <= nowMs + LONGEST_DAYS * DAY_MS) return untilMs
  throw new OperatorError({
    code: 'USAGE',
    message: `maintenance ends later than now and within ${LONGEST_DAYS} days, not at ${new Date(untilMs).toISOString()}`,
    exit: 'usage',
  })
}
