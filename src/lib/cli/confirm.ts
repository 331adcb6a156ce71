import { OperatorError } from '../errors/operator-error.js'
import { sanitiseLine } from '../units/terminal-text.js'

/** What is to be confirmed. */
export interface Confirmation {
  /** What would happen, as a phrase: `move 12 replicas, 318 GB`. */
  readonly what: string
  /** Name in the configuration file, where there is one; the id always stands for it too. */
  readonly clusterName?: string | undefined
  readonly clusterId: string
  /** `--confirm`. */
  readonly confirm?: string | undefined
}

/** Passes when the cluster was named by `--confirm` or is typed now; else throws (exit 64). Nothing was changed yet. */
export async function confirmByName(confirmation: Confirmation, mayAsk: boolean): Promise<void> {
  const { clusterName, clusterId, what } = confirmation
  const name = sanitiseLine(clusterName ?? clusterId)
  const isRight = (answer: string): boolean =>
    answer === clusterId || (clusterName !== undefined && answer === clusterName)
  if (confirmation.confirm !== undefined) {
    if (isRight(confirmation.confirm)) return
    throw wrong(
      `--confirm ${sanitiseLine(confirmation.confirm)} is not the name of cluster ${name}`,
      name,
    )
  }
  if (!mayAsk) throw wrong(`to ${what} on cluster ${name}, confirm it by name`, name)
  const { default: inquirer } = await import('inquirer')
  const ask = inquirer.createPromptModule({ output: process.stderr })
  const { answer } = await ask<{ answer: string }>([
    { type: 'input', name: 'answer', message: `Type ${name} to ${what}:` },
  ])
  if (!isRight(answer.trim())) throw wrong(`that is not the name of cluster ${name}`, name)
}

/** Asks a question that is answered by yes or no; whoever leaves the question says no. */
export async function askYesOrNo(question: string): Promise<boolean> {
  const { default: inquirer } = await import('inquirer')
  const ask = inquirer.createPromptModule({ output: process.stderr })
  try {
    const message = sanitiseLine(question)
    const { answer } = await ask<{ answer: boolean }>([
      { type: 'confirm', name: 'answer', message, default: false },
    ])
    return answer
  } catch {
    return false
  }
}

/** Asks for a secret without echo; for secrets that the configuration leaves to be typed. */
export async function askSecret(what: string): Promise<string> {
  const { default: inquirer } = await import('inquirer')
  const ask = inquirer.createPromptModule({ output: process.stderr })
  const { answer } = await ask<{ answer: string }>([
    { type: 'password', name: 'answer', message: `${what}:`, mask: false },
  ])
  return answer
}

function wrong(reason: string, name: string): OperatorError {
  return new OperatorError({
    code: 'NOT_CONFIRMED',
    message: `${reason}. Nothing was changed.`,
    nextSteps: [`the same command with --confirm ${name}`],
    exit: 'usage',
  })
}
