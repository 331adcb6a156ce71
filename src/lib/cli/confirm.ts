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

/**
 * Passes when the cluster was named by `--confirm` or is typed now; else throws (exit 64, or that of the signal that ended
 * the question). Nothing was changed yet.
 */
export async function confirmByName(
  confirmation: Confirmation,
  mayAsk: boolean,
  signal?: AbortSignal,
): Promise<void> {
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
  const answer = await askText({ type: 'input', message: `Type ${name} to ${what}:` }, signal)
  if (!isRight(answer.trim())) throw wrong(`that is not the name of cluster ${name}`, name)
}

/** Asks a question that is answered by yes or no; whoever leaves the question, or ends it by a signal, says no. */
export async function askYesOrNo(question: string, signal?: AbortSignal): Promise<boolean> {
  const ask = await openPrompt(signal)
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
export function askSecret(what: string, signal?: AbortSignal): Promise<string> {
  return askText({ type: 'password', message: `${what}:`, mask: false }, signal)
}

async function openPrompt(signal: AbortSignal | undefined) {
  const { default: inquirer } = await import('inquirer')
  const { stderr: output } = process
  return inquirer.createPromptModule(signal === undefined ? { output } : { output, signal })
}

interface TextQuestion {
  readonly type: 'input' | 'password'
  readonly message: string
  readonly mask?: boolean
}

/** A terminal that asks hands Ctrl-C over as a key: no signal comes then, and the prompt throws an error of its own. */
const LEFT = new Set(['AbortPromptError', 'ExitPromptError'])

async function askText(question: TextQuestion, signal: AbortSignal | undefined): Promise<string> {
  const ask = await openPrompt(signal)
  try {
    const { answer } = await ask<{ answer: string }>([{ ...question, name: 'answer' }])
    return answer
  } catch (error) {
    if (!(error instanceof Error && LEFT.has(error.name))) throw error
    throw new OperatorError({
      code: 'INTERRUPTED',
      message: 'Stopped at the question. Nothing was changed.',
      exit: 'interrupted',
      cause: error,
    })
  }
}

function wrong(reason: string, name: string): OperatorError {
  return new OperatorError({
    code: 'NOT_CONFIRMED',
    message: `${reason}. Nothing was changed.`,
    nextSteps: [`the same command with --confirm ${name}`],
    exit: 'usage',
  })
}
