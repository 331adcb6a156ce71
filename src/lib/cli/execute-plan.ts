import { dirname, join } from 'node:path'

import type { ExecutionEvent } from '../execution/reassign/events.js'
import type { Preparation, PrepareInput } from '../execution/reassign/prepare.js'
import type { RunSettings } from '../execution/reassign/run-types.js'
import { OperatorError } from '../errors/operator-error.js'
import type { Snapshot } from '../model/snapshot.js'
import type { ExecutionReport } from '../plan/execution-report.js'
import type { Plan } from '../plan/plan.js'
import type { PreparationDocument } from '../report/execution/preparation-text.js'
import { writeKafkaJsonFile, type PlanSource } from './compose-files.js'
import type { LockWish } from './lock-choice.js'
import { withExecution } from './with-execution.js'
import type { WriteContext } from './write-context.js'

/** Refuses a plan file that is not the one that was reviewed (exit 4): packed, either checksum says that it is. */
export function checkSha256(
  { sha256, fileSha256 }: Pick<PlanSource, 'sha256' | 'fileSha256'>,
  wanted: string | undefined,
): void {
  if (wanted === undefined) return
  const digest = wanted.toLowerCase().replace(/^sha256:/, '')
  if (digest === sha256 || digest === fileSha256) return
  const unpacked = sha256 === fileSha256 ? '' : ` (unpacked ${sha256})`
  throw new OperatorError({
    code: 'PLAN_SHA256_MISMATCH',
    message: `The plan file has SHA-256 ${fileSha256}${unpacked}, not ${wanted}: it is not the one that was reviewed. Nothing was changed.`,
    nextSteps: ['review the file as it is now'],
    exit: 'stale',
  })
}

/** Refuses plans that this command does not carry out. */
export function checkKind(plan: Plan): void {
  if (plan.kind !== 'roll') return
  throw new OperatorError({
    code: 'NOT_A_REASSIGNMENT',
    message: `Plan ${plan.id} restarts brokers; it moves nothing.`,
    nextSteps: ['klinic roll restart PLAN'],
    exit: 'usage',
  })
}

/**
 * What does not stand in the way and should be known all the same: that the plan was edited, that a target is draining,
 * what of Kafka's JSON is not applied.
 */
export async function warningsOf(plan: Plan, snapshot: Snapshot): Promise<readonly string[]> {
  const { validatePlan } = await import('../plan/validate-plan.js')
  const imported = plan.kind === 'import' ? plan.findings : []
  return [...imported, ...validatePlan(plan, snapshot)]
    .filter(({ severity }) => severity === 'warning')
    .map(({ message }) => message)
}

/** What a preparation comes to, for the question before the start and for a dry run. */
export function describePreparation(
  plan: Plan,
  preparation: Preparation,
  settings: RunSettings,
): PreparationDocument {
  const { moves, skipped } = preparation
  const leftOut = moves.filter(({ step }) => skipped.has(step))
  return {
    planId: plan.id,
    clusterId: plan.cluster.id,
    dryRun: true,
    moves: moves.length,
    partitions: preparation.partitions,
    skipped: new Set(leftOut.map(({ key }) => key)).size,
    alreadyDone: preparation.alreadyDone,
    bytesToMove: preparation.bytesToMove,
    throttleBytesPerSec: settings.throttleBytesPerSec,
    ...(settings.autoThrottle !== undefined && {
      throttleMaxBytesPerSec: settings.autoThrottle.max,
    }),
    shortestSeconds: preparation.shortestSeconds,
    lifted: preparation.lifted.map(({ message }) => message),
  }
}

/** The plan held against the cluster as it is now; throws with all standing guards together. */
export async function prepareOrRefuse(input: PrepareInput): Promise<Preparation> {
  const { prepare } = await import('../execution/reassign/prepare.js')
  const { refusalOf } = await import('../execution/reassign/guards/check-guards.js')
  const preparation = prepare(input)
  const refusal = refusalOf(preparation.standing)
  if (refusal !== null) throw refusal
  return preparation
}

/** Where the way back is written: beside the plan, or here for a plan from stdin. */
export function rollbackPath(planFile: string, planId: string): string {
  return planFile === '-'
    ? `${planId}.rollback.json`
    : join(dirname(planFile), `${planId}.rollback.json`)
}

/** What {@link carryOut} needs beside the context. */
export interface CarryOutInput {
  readonly plan: Plan
  readonly planFile: string
  readonly planSha256: string
  readonly preparation: Preparation
  readonly settings: RunSettings
  readonly stop: AbortSignal
  readonly onEvent: (event: ExecutionEvent) => void
  readonly requireAudit?: boolean | undefined
  readonly lock: LockWish
  readonly begunBy?: string
  readonly reason?: string | undefined
}

/** Carries a prepared and confirmed plan out with the real cluster, clock and journal. */
export async function carryOut(
  context: WriteContext,
  input: CarryOutInput,
): Promise<ExecutionReport> {
  const { executePlan } = await import('../execution/reassign/execute.js')
  const { wantedLists } = await import('../plan/kafka-json.js')
  const { plan, planSha256, preparation, settings, stop, onEvent, requireAudit, lock } = input
  const wish = { clusterId: plan.cluster.id, lock, requireAudit, stop, onEvent }
  return withExecution(context, wish, (parts) =>
    executePlan({
      ...parts,
      plan,
      begunBy: input.begunBy,
      reason: input.reason,
      planSha256,
      preparation,
      settings,
      writeRollback: async () => {
        const path = rollbackPath(input.planFile, plan.id)
        await writeKafkaJsonFile(path, wantedLists(plan, 'original'))
        return path
      },
    }),
  )
}
