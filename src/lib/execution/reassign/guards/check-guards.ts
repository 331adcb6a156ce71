import type { ExitName } from '../../../errors/exit-codes.js'
import { OperatorError } from '../../../errors/operator-error.js'
import { guardInFlight, guardUnderReplicated, guardView } from './cluster-guards.js'
import { guardBrokers } from './broker-guards.js'
import { guardDisk } from './disk-guard.js'
import type { Guard, GuardInput, LiftingFlag } from './guard.js'
import { guardLeaders } from './leader-guard.js'
import { guardMaintenance } from './maintenance-guard.js'
import { guardMinIsr } from './min-isr-guard.js'
import { guardPlan } from './plan-guards.js'
import { guardThrottles } from './throttle-guard.js'

const GUARDS: readonly ((input: GuardInput) => readonly Guard[])[] = [
  guardView,
  guardPlan,
  guardMaintenance,
  guardInFlight,
  guardBrokers,
  guardUnderReplicated,
  guardLeaders,
  guardMinIsr,
  guardDisk,
  guardThrottles,
]

/** All that stands in the way, in the order in which it matters. */
export function checkGuards(input: GuardInput): readonly Guard[] {
  return GUARDS.flatMap((guard) => guard(input))
}

/** Which guards the flags lift, and which still stand. */
export function applyFlags(
  guards: readonly Guard[],
  flags: ReadonlySet<LiftingFlag>,
): { readonly standing: readonly Guard[]; readonly lifted: readonly Guard[] } {
  const isLifted = ({ lift }: Guard): boolean => lift !== null && flags.has(lift)
  return {
    standing: guards.filter((guard) => !isLifted(guard)),
    lifted: guards.filter(isLifted),
  }
}

/**
 * The exit of a refusal: what passes by itself counts least, and a partial view most, since everything else may only seem so
 * because of it.
 */
const EXITS: readonly ExitName[] = ['notAuthorised', 'stale', 'refused', 'tryLater']

/** Lead of the refusal to go on with an execution, which was started and has changed things. */
export const NOT_GONE_ON = 'Nothing was gone on with:'

const NOT_STARTED = 'The plan was not started and nothing was changed:'

/** The error that shows all standing guards together, under a line that says what was not done; null when there is none. */
export function refusalOf(standing: readonly Guard[], lead = NOT_STARTED): OperatorError | null {
  const [first] = standing
  if (first === undefined) return null
  const lines = standing.map(
    ({ message, lift }) => `- ${message}${lift === null ? '' : ` (lifted by --${lift})`}`,
  )
  const isElsewhere = standing.some(({ code }) => code === 'OTHER_CLUSTER')
  const worst = EXITS.find((name) => standing.some((guard) => guard.exit === name)) ?? first.exit
  const exit = isElsewhere ? 'stale' : worst
  const leading = standing.find((guard) => guard.exit === exit) ?? first
  return new OperatorError({
    code: leading.code,
    message: `${lead}\n${lines.join('\n')}`,
    nextSteps: stepsFor(standing),
    exit,
  })
}

function stepsFor(standing: readonly Guard[]): readonly string[] {
  const codes = new Set(standing.map(({ code }) => code))
  const steps: string[] = []
  if (standing.some(({ exit }) => exit === 'notAuthorised')) {
    steps.push('klinic access check --for execute')
  }
  if (standing.some(({ exit }) => exit === 'stale')) steps.push('make a new plan and review it')
  if (codes.has('THROTTLE_PRESENT')) steps.push('klinic reassign cleanup')
  if (codes.has('REASSIGNMENT_IN_FLIGHT') || codes.has('IN_FLIGHT')) {
    steps.push('klinic reassign status')
  }
  return steps
}
