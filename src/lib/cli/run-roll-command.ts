import { carryOutRoll } from '../execution/roll/carry-out-roll.js'
import type { ClusterHold, LockChoice } from '../execution/lock/hold-cluster.js'
import { provingRoll } from '../execution/lock/proving-roll.js'
import type { RollEvent } from '../execution/roll/roll-deps.js'
import { remainingSteps, restartSteps, type RollState } from '../execution/roll/roll-journal.js'
import {
  optionsOf,
  settingsFromJson,
  settingsToJson,
  type RollSettings,
} from '../execution/roll/roll-settings.js'
import { closing, underLock } from '../execution/reassign/execute.js'
import type { Snapshot } from '../model/snapshot.js'
import type { Plan } from '../plan/plan.js'
import type { RollReport } from '../plan/roll-report.js'
import type { Journal, JournalStore, StartedRecord } from '../ports/journal.js'
import { currentActor, withJournals } from './compose-journal.js'
import { openRollHosts, type SshValues } from './compose-hosts.js'
import { openRollDeps } from './compose-roll.js'
import { findRoll } from './find-roll.js'
import { withLockChoice, type LockWish } from './lock-choice.js'
import type { WriteContext } from './write-context.js'

/** What a run of a roll needs beside its journal. */
export interface RollInput {
  readonly context: WriteContext
  readonly plan: Plan
  readonly planSha256: string
  /** The cluster as it is now: who is there, and how many topics. */
  readonly snapshot: Snapshot
  readonly settings: RollSettings
  readonly ssh: SshValues
  readonly ask: ((what: string) => Promise<string>) | null
  readonly canary?: number | undefined
  readonly pauseAfter?: number | undefined
  /** Asks whether a roll that paused shall go on. */
  readonly askToGoOn: (question: string) => Promise<boolean>
  /** Seconds that earlier restarts took. */
  readonly measured?: readonly number[] | undefined
  /** Only for a resume: bring up what is down, and end the roll. */
  readonly abandon?: boolean
  readonly signal: AbortSignal
  readonly say: (event: RollEvent) => void
  readonly requireAudit?: boolean | undefined
  readonly lock: LockWish
}

function nowIso(input: RollInput): string {
  return new Date(input.context.clock.nowMs()).toISOString()
}

/** Every broker of the cluster is expected back, also those outside the plan and those that an interrupted roll left down. */
function baselineOf({ snapshot, plan }: RollInput): { brokers: readonly number[]; topics: number } {
  const alive = snapshot.brokers
    .filter((broker) => broker.state !== 'dead')
    .map((broker) => broker.id)
  const planned = restartSteps(plan)
    .filter((step) => step.role !== 'controller')
    .map((step) => step.broker)
  return { brokers: [...new Set([...alive, ...planned])], topics: snapshot.topics.length }
}

function run(
  input: RollInput,
  { journal, hold }: { readonly journal: Journal; readonly hold: ClusterHold },
  state: RollState | null,
): Promise<RollReport> {
  const { context, plan, settings, signal, say, snapshot } = input
  const hosts = openRollHosts(input.ssh, context.settings, input.ask)
  const steps = restartSteps(plan)
  const { askToGoOn } = input
  const tools = { context, settings, steps, snapshot, hosts, journal, signal, say, askToGoOn }
  const deps = provingRoll(openRollDeps(tools), hold)
  const done = [...(state?.phases ?? [])].filter(([, phase]) => phase === 'done').map(([id]) => id)
  return carryOutRoll({
    plan,
    deps,
    journal,
    options: optionsOf(settings, plan.id),
    baseline: baselineOf(input),
    done: new Set(done),
    interrupted: state?.interrupted ?? new Map(),
    drained: state?.drained ?? new Map(),
    hooksBefore: state?.hooks ?? new Map(),
    measured: input.measured ?? [],
    startedBeforeMs: settings.startedBeforeMs,
    abandon: input.abandon === true,
    ...(input.canary === undefined ? {} : { canary: input.canary }),
    ...(input.pauseAfter === undefined ? {} : { pauseAfter: input.pauseAfter }),
    activeController: async () =>
      (await context.withReader((reader) => reader.readMetadata())).controllerId,
  })
}

function lockOf(
  input: RollInput,
  store: JournalStore,
  lock: LockChoice,
): Parameters<typeof underLock>[0] {
  const { context, plan } = input
  return {
    store,
    actor: currentActor(),
    ports: { clock: context.clock },
    plan,
    lock,
  }
}

function withRollJournals<T>(
  { context, plan, lock: wish, requireAudit, say }: RollInput,
  use: (store: JournalStore, lock: LockChoice) => Promise<T>,
): Promise<T> {
  const warn = (text: string): void => say({ type: 'warning', broker: null, text })
  const place = { context, clusterId: plan.cluster.id, wish }
  return withLockChoice(place, (lock) =>
    withJournals(context, { warn, requireAudit }, (store) => use(store, lock)),
  )
}

/** Starts a roll: lock, journal with everything a resume needs, then the brokers. */
export function startRoll(input: RollInput): Promise<RollReport> {
  const { plan, planSha256, settings } = input
  return withRollJournals(input, (store, lock) =>
    underLock(lockOf(input, store, lock), `roll restart ${plan.id}`, async (hold) => {
      const journal = await store.create({
        type: 'started',
        format: 'klinic.journal/1',
        at: nowIso(input),
        executionId: `${plan.id}.${input.context.clock.nowMs().toString(36)}`,
        planSha256,
        plan,
        actor: currentActor(),
        options: settingsToJson(settings),
      })
      return closing(journal, () => run(input, { journal, hold }, null))
    }),
  )
}

/** The settings as the journal keeps them, where flags made them others than it has. */
function changedOptions(
  state: RollState,
  settings: RollSettings,
): { readonly options?: StartedRecord['options'] } {
  const now = settingsToJson(settings)
  const before = settingsToJson(settingsFromJson(state.options))
  return now['roll'] === before['roll'] ? {} : { options: now }
}

/** What is confirmed before a roll goes on, as a phrase. */
export function describeResume(state: RollState, abandon: boolean): string {
  const { plan } = state.started
  const down = state.interrupted.size
  const remaining = remainingSteps(state).length
  return abandon
    ? `end roll ${plan.id} with ${remaining} brokers not restarted${down === 0 ? '' : `, ${down} of them to be looked after first`}`
    : `go on with roll ${plan.id}: ${remaining} brokers remain`
}

/** Goes on with a roll that was broken off: interrupted brokers first, done ones not again. */
export function resumeRoll(input: RollInput): Promise<RollReport> {
  const { plan } = input
  return withRollJournals(input, (store, lock) =>
    underLock(lockOf(input, store, lock), `roll resume ${plan.id}`, async (hold) => {
      // Read under the lock: while the operator was asked, somebody else may have gone on with it.
      const state = await findRoll(store, plan.cluster.id, plan.id)
      const journal = await store.reopen(plan.cluster.id, plan.id)
      return closing(journal, async () => {
        const verb = input.abandon === true ? 'cancel' : 'resume'
        const at = nowIso(input)
        const options = changedOptions(state, input.settings)
        await journal.append([
          {
            type: 'taken-up',
            at,
            verb,
            actor: currentActor(),
            lock: hold.fence ?? 'this host only',
            ...options,
          },
        ])
        return run(input, { journal, hold }, state)
      })
    }),
  )
}
