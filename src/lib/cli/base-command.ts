import { Command } from '@oclif/core/command'
import type { Input, ParserOutput } from '@oclif/core/interfaces'

import type { ConnectionFlags } from '../config/resolve-cluster.js'
import { EXIT_CODES } from '../errors/exit-codes.js'
import { OperatorError } from '../errors/operator-error.js'
import { completeSteps } from './complete-steps.js'
import type { Confirmation } from './confirm.js'
import { connectionWords, type ConnectionWords } from './connection-words.js'
import { describeFailure, renderFailure, renderTraces } from './failure.js'
import { environmentName } from './environment-name.js'
import { globalFlags } from './flags.js'
import { openHost, type Host } from './host.js'
import type { Outcome } from './outcome.js'
import type { ContextInput } from './read-context.js'
import { openUi, type Ui, type UiFlags } from './ui.js'
import { fromParseError, isParseError } from './usage-error.js'

type Values = Record<string, unknown>

/** How long a command may take to stop after a signal before the process leaves without it. */
const STOP_WITHIN_MS = 1_000

/**
 * Base of all commands. A command declares flags and implements {@link execute}; how its outcome or error is rendered
 * was chosen before it began, and the exit code is the same with and without `--json`.
 */
export abstract class KlinicCommand<Json = unknown> extends Command {
  static override baseFlags = globalFlags

  /** Commands that must finish a step before they stop (a batch of moves) raise this. */
  protected readonly stopWithinMs: number = STOP_WITHIN_MS
  /** Names of the flags given on the command line, as opposed to environment and defaults. */
  protected givenFlags: ReadonlySet<string> = new Set()
  #host: Host | null = null
  #ui: Ui | null = null
  /** How this run reaches its cluster, as the next command has to repeat it. */
  #connection = ''

  /** The work: parse the flags first, then one call to the library. Throws OperatorError. */
  protected abstract execute(): Promise<Outcome<Json>>

  /** Notes, warnings, progress: after the flags were parsed. */
  protected get ui(): Ui {
    if (this.#ui === null) throw new Error('parse the flags before talking')
    return this.#ui
  }

  /** The process' streams, signals and redactor. */
  protected get host(): Host {
    this.#host ??= openHost(this.argv, this.config.version)
    return this.#host
  }

  /** Aborted when the operator asks for an end. */
  protected get signal(): AbortSignal {
    return this.host.signals.signal
  }

  protected override async parse<F extends Values, B extends Values, A extends Values>(
    options?: Input<F, B, A>,
    argv?: string[],
  ): Promise<ParserOutput<F, B, A>> {
    nameEnvironment([this.ctor.flags, this.ctor.baseFlags])
    try {
      const parsed = await super.parse<F, B, A>(options, argv)
      const tokens = parsed.raw.flatMap((token) => (token.type === 'flag' ? [token.flag] : []))
      this.givenFlags = new Set(tokens)
      this.#connection = connectionWords(connectionOf(parsed.flags))
      this.#ui = await openUi(this.host, uiFlags(parsed.flags))
      return parsed
    } catch (error) {
      if (!isParseError(error)) throw error
      const flags = Object.keys({ ...this.ctor.baseFlags, ...this.ctor.flags })
      throw fromParseError(error, { id: this.ctor.id, flags })
    }
  }

  /** What `openReadContext` and `openWriteContext` take. */
  protected contextInput(flags: ConnectionFlags): ContextInput {
    const prompt = this.ui.mayAsk
      ? async (what: string) => (await import('./confirm.js')).askSecret(what, this.signal)
      : null
    const { remember } = this.host.redactor
    return { flags, given: this.givenFlags, secrets: { env: process.env, remember, prompt } }
  }

  /** Passes when the operator named the cluster (`--confirm`, or typed); else throws exit 64. */
  protected async confirm(confirmation: Confirmation): Promise<void> {
    const { confirmByName } = await import('./confirm.js')
    await confirmByName(confirmation, this.ui.mayAsk, this.signal)
  }

  /** Runs the command to its exit code. Never throws. */
  async perform(host: Host): Promise<number> {
    this.#host = host
    try {
      const work = this.execute()
      const outcome = await Promise.race([work, afterSignal(this.signal, this.stopWithinMs)])
      const exit = await this.#render(outcome)
      return exit ?? host.signals.interruption()?.exitCode ?? EXIT_CODES.done
    } catch (error) {
      return this.#fail(error)
    }
  }

  override async run(): Promise<void> {
    process.exitCode = await this.perform(this.host)
  }

  async #render(outcome: Outcome<Json>): Promise<number | null> {
    const ui = this.#ui ?? (await openUi(this.host, uiFlags({})))
    const { streams } = this.host
    if (outcome.isPrinted === true)
      return outcome.exit === undefined ? null : EXIT_CODES[outcome.exit]
    if (this.host.json) streams.writeJson(outcome.json)
    else if (!(ui.quiet && outcome.quietWhenDone === true)) {
      streams.writeResult(outcome.text(ui.stdout.style), ui.stdout.coloured)
    }
    const next = completeSteps(outcome.next ?? [], this.#connection)
    if (!this.host.json && next.length > 0) ui.note(`Next: ${next.join('\n      ')}`)
    return outcome.exit === undefined ? null : EXIT_CODES[outcome.exit]
  }

  async #fail(error: unknown): Promise<number> {
    const ui = this.#ui ?? (await openUi(this.host, uiFlags({})))
    const interruption = this.host.signals.interruption()
    const isTold = interruption === null || outweighsSignal(error, this.stopWithinMs)
    const described = describeFailure(isTold ? error : interruption, this.host.version)
    const nextSteps = completeSteps(described.nextSteps, this.#connection)
    const isStopped = described.exitCode === EXIT_CODES.interrupted
    const exitCode = (isStopped ? interruption?.exitCode : null) ?? described.exitCode
    const failure = { ...described, nextSteps, exitCode }
    if (this.host.json) this.host.streams.writeJson({ error: failure })
    else this.host.streams.writeNote(renderFailure(failure, ui.stderr.style), ui.stderr.coloured)
    ui.detail(renderTraces(error))
    return failure.exitCode
  }
}

const isTrue = (values: Values, name: string): boolean => values[name] === true

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

function connectionOf(values: Values): ConnectionWords {
  return {
    config: textOf(values['config']),
    cluster: textOf(values['cluster']),
    'bootstrap-server': textOf(values['bootstrap-server']),
    'command-config': textOf(values['command-config']),
    'allow-plaintext-sasl': isTrue(values, 'allow-plaintext-sasl'),
  }
}

function uiFlags(values: Values): UiFlags {
  return {
    quiet: isTrue(values, 'quiet'),
    verbose: isTrue(values, 'verbose'),
    'no-color': isTrue(values, 'no-color'),
    'no-input': isTrue(values, 'no-input'),
  }
}

function nameEnvironment(groups: readonly (Command.Class['flags'] | undefined)[]): void {
  for (const group of groups) {
    for (const [name, flag] of Object.entries(group ?? {})) {
      const variable = environmentName(name)
      if (variable !== null) flag.env ??= variable
    }
  }
}

/**
 * What the work left behind matters more than the signal that ended it, and so does what goes wrong while a command finishes
 * what it has begun; of a command that only reads, any other error is the signal's doing.
 */
function outweighsSignal(error: unknown, stopWithinMs: number): boolean {
  if (error instanceof Error && error.name === 'AbortError') return false
  if (stopWithinMs > STOP_WITHIN_MS) return true
  if (!(error instanceof OperatorError)) return false
  return ['stoppedHalfWay', 'needsPerson', 'interrupted'].includes(error.exit)
}

/** Rejects some time after the signal: for work that does not listen to it. */
function afterSignal(signal: AbortSignal, withinMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    const giveUp = (): void => {
      setTimeout(() => reject(signal.reason as Error), withinMs).unref()
    }
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}
