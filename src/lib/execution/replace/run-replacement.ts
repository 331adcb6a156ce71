import { cooldownKey, REPLACEMENT_KEY } from '../../coordination/state-keys.js'
import type { Replacement } from '../../coordination/documents.js'
import type { Broker } from '../../model/snapshot.js'
import type { AlertCause } from '../../model/alert.js'
import type { Actor } from '../../plan/actor.js'
import type { ExecutionReport } from '../../plan/execution-report.js'
import type { JsonValue } from '../../plan/plan.js'
import type { ReplaceReason, ReplaceReport } from '../../plan/replace-report.js'
import type { ProgramResult } from '../../ports/programs.js'
import { describeScript, exitOfScript, refuse, tailOf } from './describe-replacement.js'
import { applyLifts, judgeReplacement, REPLACE_COOLDOWN } from './judge-replacement.js'
import type { ReplaceLift, ReplacementCase } from './replacement-case.js'
import { causesOfReplacement } from './name-failure.js'
import { judgeEarlier } from './judge-earlier.js'

/** What was asked for. */
export interface ReplaceRequest {
  readonly id: string
  readonly clusterId: string
  readonly clusterName?: string
  readonly broker: number
  readonly reason: ReplaceReason
  readonly argv: readonly string[]
  readonly timeoutMs: number
  readonly cooldownMs: number
  readonly lifts: ReadonlySet<ReplaceLift>
  /** A script that was broken off, or that nobody knows the end of, is no obstacle. */
  readonly again: boolean
  readonly actor: Actor
}

/** What one look shows, with the replacement that stands in the state. */
export type ReplaceLook = Omit<ReplacementCase, 'broker' | 'reason'> & {
  readonly replacement: Replacement | null
  /** Where the broker was last known to be: a dead one is registered nowhere. */
  readonly address: Pick<Broker, 'host' | 'port' | 'rack'>
}

/** What a replacement reaches the world through; the cluster's lock is held all the time. */
export interface ReplacePorts {
  nowMs(): number
  look(): Promise<ReplaceLook>
  /** Proves that the lock is still ours. */
  prove(): Promise<void>
  /** Whether the process that a witness names is surely gone. */
  isGone(witness: string): Promise<boolean>
  /** Takes leadership away from the broker; goes on with a drain that was broken off. Null where there is nothing to take. */
  drain(look: ReplaceLook): Promise<ExecutionReport | null>
  run(
    env: Readonly<Record<string, string>>,
    onStarted: (witness: string) => Promise<void>,
  ): Promise<ProgramResult>
  remember(changes: ReadonlyMap<string, JsonValue | null>): Promise<void>
  note(message: string, outcome: 'done' | 'refused' | 'failed'): Promise<void>
  /** Tells people how it ended: `causes` is empty when nobody has to do anything any more. */
  tell(causes: readonly AlertCause[]): Promise<void>
}

/**
 * Replaces one broker: checks, drains one that still lives, checks again, and runs the script. What is about to be done
 * stands in the state before it is begun, so that a run that finds it knows how far another one came. One that was begun and
 * did not get done is an alert, and the next one of that broker which does calls it over.
 */
export async function runReplacement(
  ports: ReplacePorts,
  request: ReplaceRequest,
): Promise<ReplaceReport> {
  const report = await replace(ports, request)
  await ports.tell(causesOfReplacement(report))
  return report
}

async function replace(ports: ReplacePorts, request: ReplaceRequest): Promise<ReplaceReport> {
  const look = await check(ports, request, null)
  const since = new Date(ports.nowMs()).toISOString()
  await ports.remember(new Map([[REPLACEMENT_KEY, documentOf(request, since, 'draining')]]))
  await ports.note(`${subjectOf(request)}: begun`, 'done')
  const drain = await drainOrStop(ports, request, look)
  if (drain !== null && drain.exit !== 'done') return stopped(ports, request, drain)
  const after = drain === null ? look : await check(ports, request, since)
  return runScript(ports, request, { since, look: after, drain })
}

/** Throws with everything that stands in the way; nothing was changed. `own`: the beginning of this very replacement. */
async function check(
  ports: ReplacePorts,
  request: ReplaceRequest,
  own: string | null,
): Promise<ReplaceLook> {
  const look = await ports.look()
  const { broker, reason } = request
  const earlier =
    own === null ? await judgeEarlier(look.replacement, request, (it) => ports.isGone(it)) : []
  const objections = [...earlier, ...judgeReplacement({ ...look, broker, reason })]
  const { standing, lifted } = applyLifts(objections, request.lifts)
  const refusal = refuse(subjectOf(request), standing)
  if (refusal !== null) {
    if (own !== null) await ports.remember(new Map([[REPLACEMENT_KEY, null]]))
    await ports.note(refusal.message, 'refused')
    throw refusal
  }
  for (const { message, lift } of lifted) {
    if (own === null) await ports.note(`${subjectOf(request)}: --${lift ?? ''}: ${message}`, 'done')
  }
  return look
}

async function drainOrStop(
  ports: ReplacePorts,
  request: ReplaceRequest,
  look: ReplaceLook,
): Promise<ExecutionReport | null> {
  if (request.reason === 'dead') return null
  try {
    const report = await ports.drain(look)
    if (report !== null)
      await ports.note(`${subjectOf(request)}: drained, ${report.message}`, 'done')
    return report
  } catch (error) {
    await ports.remember(new Map([[REPLACEMENT_KEY, null]]))
    await ports.note(`${subjectOf(request)}: it could not be drained`, 'failed')
    throw error
  }
}

async function stopped(
  ports: ReplacePorts,
  request: ReplaceRequest,
  drain: ExecutionReport,
): Promise<ReplaceReport> {
  const message = `${subjectOf(request)}: not begun, because leadership could not be taken away: ${drain.message}`
  await ports.remember(new Map([[REPLACEMENT_KEY, null]]))
  await ports.note(message, 'failed')
  return { ...headOf(request), exit: drain.exit, message, drain, script: null, cooldownUntil: null }
}

interface Ready {
  readonly since: string
  readonly look: ReplaceLook
  readonly drain: ExecutionReport | null
}

async function runScript(
  ports: ReplacePorts,
  request: ReplaceRequest,
  { since, look, drain }: Ready,
): Promise<ReplaceReport> {
  await ports.prove()
  // Before the script: whatever becomes of this process, nobody else replaces a broker too soon.
  const nowMs = ports.nowMs()
  const until = new Date(nowMs + request.cooldownMs).toISOString()
  const { user, host } = request.actor
  const begun = new Date(nowMs).toISOString()
  const cooldown = { user, host, reason: subjectOf(request), since: begun, until }
  const key = cooldownKey(REPLACE_COOLDOWN)
  const document = documentOf(request, since, 'script')
  await ports.remember(
    new Map<string, JsonValue | null>([
      [REPLACEMENT_KEY, document],
      ...(request.cooldownMs > 0 ? [[key, cooldown] as const] : []),
    ]),
  )
  await ports.note(`${subjectOf(request)}: runs ${request.argv.join(' ')}`, 'done')
  const result = await ports.run(environmentOf(request, look), (witness) =>
    ports.remember(new Map([[REPLACEMENT_KEY, { ...document, witness }]])),
  )
  const exit = exitOfScript(result)
  const message = `${subjectOf(request)}: ${describeScript(result, request.timeoutMs)}`
  // A script that was cut off may have done anything: the next run must not take it for done.
  if (exit !== 'needsPerson') await ports.remember(new Map([[REPLACEMENT_KEY, null]]))
  await ports.note(`${message}\n${tailOf(result)}`, exit === 'done' ? 'done' : 'failed')
  const script = { argv: request.argv, ...result }
  const cooldownUntil = request.cooldownMs > 0 ? until : null
  return { ...headOf(request), exit, message, drain, script, cooldownUntil }
}

function documentOf(
  { id, broker, reason, actor }: ReplaceRequest,
  since: string,
  phase: Replacement['phase'],
): Replacement {
  return { user: actor.user, host: actor.host, id, broker, reason, since, phase }
}

const subjectOf = ({ broker, reason }: Pick<ReplaceRequest, 'broker' | 'reason'>): string =>
  `replacement of broker ${broker} (${reason})`

const headOf = ({ id, clusterId, broker, reason }: ReplaceRequest) => ({
  id,
  clusterId,
  broker,
  reason,
})

/** What the script finds in its environment. */
function environmentOf(
  { id, clusterId, clusterName, broker, reason }: ReplaceRequest,
  { address: { host, port, rack } }: ReplaceLook,
): Readonly<Record<string, string>> {
  return {
    KLINIC_REPLACEMENT_ID: id,
    KLINIC_CLUSTER: clusterName ?? clusterId,
    KLINIC_CLUSTER_ID: clusterId,
    KLINIC_BROKER_ID: String(broker),
    KLINIC_REASON: reason,
    KLINIC_HOST: host,
    KLINIC_PORT: port === 0 ? '' : String(port),
    KLINIC_RACK: rack ?? '',
  }
}
