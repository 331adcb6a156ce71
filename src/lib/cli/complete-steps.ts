import { TOPICS } from './catalogue.js'

/** Commands that know no connection, by their first words. */
const WITHOUT_CLUSTER = /^klinic (config|plan show|plan diff|snapshot show)\b/

/** A command of ours inside a sentence: up to where the sentence goes on. */
const COMMAND = new RegExp(`klinic (${Object.keys(TOPICS).join('|')}) [a-z]+[^,;()"]*`)

/** A command that already says which cluster it means. */
const HAS_CLUSTER = /--(cluster|bootstrap-server|from-snapshot)\b/

/**
 * Next steps as they have to be typed: what library code proposes does not know how this run reached its cluster, so the
 * connection flags that were given are put behind its commands.
 */
export function completeSteps(steps: readonly string[], connection: string): readonly string[] {
  return connection === '' ? steps : steps.map((step) => completeStep(step, connection))
}

function completeStep(step: string, connection: string): string {
  const command = COMMAND.exec(step)?.[0].trimEnd()
  if (command === undefined || WITHOUT_CLUSTER.test(command) || HAS_CLUSTER.test(command)) {
    return step
  }
  return step.replace(command, () => `${command}${connection}`)
}
