import type { Settings } from '../config/settings.js'
import type { ServiceManagerName } from '../execution/roll/service-manager.js'
import type { Snapshot } from '../model/snapshot.js'
import { assemblePlan } from '../plan/assemble-plan.js'
import type { Finding, Plan } from '../plan/plan.js'
import { orderRoll, planRoll } from '../planners/roll/plan-roll.js'
import { chooseControllers } from '../planners/roll/roll-controllers.js'
import type { RollFacts } from '../planners/roll/roll-facts.js'
import type { Inventory } from './hosts-flag.js'
import type { Outcome } from './outcome.js'
import { sudoersOutcome, type SudoersDocument } from './print-sudoers.js'
import { rollPolicy, type RollFlagValues } from './roll-flags.js'

/** What a roll is planned from. */
export interface RollSources {
  readonly snapshot: Snapshot
  readonly inventory: Inventory
  readonly facts: RollFacts
}

/** Plans by flags; `warnings` stand beside what the planner found. */
export function makeRollPlan(
  { snapshot, inventory, facts }: RollSources,
  flags: RollFlagValues,
  warnings: readonly Finding[] = [],
): Plan {
  const draft = planRoll(snapshot, rollPolicy(flags, snapshot, inventory), facts)
  return assemblePlan(snapshot, { ...draft, findings: [...draft.findings, ...warnings] })
}

/** Flags that decide which commands go through sudo; what they leave open is as in klinic.yaml. */
export interface SudoersFlags extends RollFlagValues {
  readonly 'ssh-user'?: string | undefined
  readonly 'service-manager'?: ServiceManagerName | undefined
  readonly service?: string | undefined
  readonly 'controller-service'?: string | undefined
}

/** The sudoers lines of every broker and controller that the flags mean, by id. */
export function sudoersOfRoll(
  { snapshot, inventory, facts }: RollSources,
  flags: SudoersFlags,
  settings: Settings,
): Outcome<SudoersDocument> {
  const policy = rollPolicy(flags, snapshot, inventory)
  const controllers = chooseControllers(snapshot, policy, facts)
  const nodes = [
    ...orderRoll(snapshot, policy).map(({ id }) => ({ id })),
    ...controllers.map(({ id }) => ({ id, role: 'controller' as const })),
  ]
  return sudoersOutcome(
    nodes.toSorted((a, b) => a.id - b.id),
    {
      user: flags['ssh-user'] ?? settings.ssh.user,
      manager: flags['service-manager'] ?? settings.service.manager,
      service: flags.service ?? settings.service.name,
      controllerService: flags['controller-service'] ?? settings.service.controllerName ?? '',
    },
  )
}
