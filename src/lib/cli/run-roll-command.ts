import { carryOutRoll } from '../execution/roll/carry-out-roll.js'
import type { RollEvent } from '../execution/roll/roll-deps.js'
import { restartSteps, type RollState } from '../execution/roll/roll-journal.js'
import { optionsOf, settingsToJson, type RollSettings } from '../execution/roll/roll-settings.js'
import { closing, underLock } from '../execution/reassign/execute.js'
import type { Snapshot } from '../model/snapshot.js'
import type { Plan } from '../plan/plan.js'
import type { RollReport } from '../plan/roll-report.js'
import type { Journal, JournalStore } from '../ports/journal.js'
import { currentActor, withJournals } from './compose-journal.js'
import { openRollDeps, openRollHosts, type SshValues } from './compose-roll.js'
import { findRoll } from './find-roll.js'
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
  readonly signal: AbortSignal
  readonly say: (event: RollEvent) => void
  readonly requireAudit?: boolean | undefined
}

function nowIso(input: RollInput): string {
  return new Date(input.context.clock.nowMs()).toISOString()
}

/** Every broker of the cluster is expected back, also those outside the plan and those that an interrupted roll left down. */
function baselineOf({ snapshot, plan }: RollInput): { brokers: readonly number[]; topics: number } {
  const alive = snapshot.brokers
    .filter((broker) => broker.state !== 'dead')
    .map((broker) => broker.id)
  const planned = restartSteps(plan).map((step) => step.broker)
  return { brokers: [...new Set([...alive, ...planned])], topics: snapshot.topics.length }
}

function run(input: RollInput, journal: Journal, state: RollState | null): Promise<RollReport> {
  const { context, plan, settings, signal, say } = input
  const hosts = openRollHosts(input.ssh, input.ask)
  const steps = restartSteps(plan)
  const deps = openRollDeps({ context, settings, steps, hosts, journal, signal, say })
  const done = [...(state?.phases ?? [])].filter(([, phase]) => phase === 'done').map(([id]) => id)
  return carryOutRoll({
    plan,
    deps,
    journal,
    options: optionsOf(settings, plan.id),
    baseline: baselineOf(input),
    done: new Set(done),
    interrupted: state?.interrupted ?? new Map(),
    ...(input.canary === undefined ? {} : { canary: input.canary }),
    activeController: async () =>
      (await context.withReader((reader) => reader.readMetadata())).controllerId,
  })
}

function lockOf(input: RollInput, store: JournalStore): Parameters<typeof underLock>[0] {
  const { context, plan } = input
  return {
    store,
    actor: currentActor(),
    ports: { clock: context.clock },
    plan,
  }
}

function withRollJournals<T>(
  { context, requireAudit, say }: RollInput,
  use: (store: JournalStore) => Promise<T>,
): Promise<T> {
  const warn = (text: string): void => say({ type: 'warning', broker: null, text })
  return withJournals(context, { warn, requireAudit }, use)
}

/** Starts a roll: lock, journal with everything a resume needs, then the brokers. */
export function startRoll(input: RollInput): Promise<RollReport> {
  const { plan, planSha256, settings } = input
  return withRollJournals(input, (store) =>
    underLock(lockOf(input, store), `roll restart ${plan.id}`, async () => {
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
      return closing(journal, () => run(input, journal, null))
    }),
  )
}

/** Goes on with a roll that was broken off: interrupted brokers first, done ones not again. */
export function resumeRoll(input: RollInput): Promise<RollReport> {
  const { plan } = input
  return withRollJournals(input, (store) =>
    underLock(lockOf(input, store), `roll resume ${plan.id}`, async () => {
      // Read under the lock: while the operator was asked, somebody else may have gone on with it.
      const state = await findRoll(store, plan.cluster.id, plan.id)
      const journal = await store.reopen(plan.cluster.id, plan.id)
      return closing(journal, async () => {
        await journal.append([
          { type: 'taken-up', at: nowIso(input), verb: 'resume', actor: currentActor() },
        ])
        return run(input, journal, state)
      })
    }),
  )
}
