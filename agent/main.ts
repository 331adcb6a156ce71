/**
 * The collector as a service: what `klinic stats collect` does, until it is told to stop, with one line on stderr for each
 * thing worth a line in a journal. SIGTERM publishes what was measured since the last sample and ends with exit code 0.
 */
import { parseArgs } from 'node:util'
import { createRedactor } from '../src/lib/cli/redactor.js'
import { describeFailure } from '../src/lib/cli/failure.js'
import type { ConnectionFlags } from '../src/lib/config/resolve-cluster.js'
import { EXIT_CODES } from '../src/lib/errors/exit-codes.js'
import { OperatorError } from '../src/lib/errors/operator-error.js'
import { parseDurationMs } from '../src/lib/units/parse-quantity.js'
import { sanitiseLine } from '../src/lib/units/terminal-text.js'

const USAGE = `usage: main.js [--config FILE] [--cluster NAME | --bootstrap-server HOST:PORT]
               [--command-config FILE] [--allow-plaintext-sasl] [--interval 60s] [--create-topic]`
/** After the signal: time for the last measurement, the last record and the connections. */
const STOP_WITHIN_MS = 20_000
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

const redactor = createRedactor()
const say = (text: string): void => {
  process.stderr.write(`${sanitiseLine(redactor.redact(text))}\n`)
}

interface Arguments {
  readonly flags: ConnectionFlags
  readonly given: ReadonlySet<string>
  readonly intervalMs: number
  readonly createTopic: boolean
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      cluster: { type: 'string' },
      'bootstrap-server': { type: 'string' },
      'command-config': { type: 'string' },
      'allow-plaintext-sasl': { type: 'boolean' },
      interval: { type: 'string', default: '60s' },
      'create-topic': { type: 'boolean', default: false },
    },
  })
  const intervalMs = parseDurationMs(values.interval)
  if (intervalMs === null) throw new TypeError(`--interval ${values.interval} is no duration`)
  const flags: ConnectionFlags = {
    config: values.config,
    cluster: values.cluster,
    'bootstrap-server': values['bootstrap-server'],
    'command-config': values['command-config'],
    'allow-plaintext-sasl': values['allow-plaintext-sasl'],
  }
  const given = new Set(Object.keys(values))
  return { flags, given, intervalMs, createTopic: values['create-topic'] }
}

function endBySignal(): AbortSignal {
  const stop = new AbortController()
  for (const name of SIGNALS)
    process.on(name, () => {
      if (stop.signal.aborted) return
      say(`${name}: publishing what was measured, then stopping`)
      stop.abort()
      setTimeout(() => process.exit(EXIT_CODES.failed), STOP_WITHIN_MS).unref()
    })
  return stop.signal
}

async function serve({ flags, given, intervalMs, createTopic }: Arguments): Promise<void> {
  const { openWriteContext } = await import('../src/lib/cli/write-context.js')
  const { withTopicTarget } = await import('../src/lib/cli/compose-stats.js')
  const { collectInto } = await import('../src/lib/cli/collect-into.js')
  const signal = endBySignal()
  const secrets = { env: process.env, remember: redactor.remember, prompt: null }
  const context = await openWriteContext({ flags, given, secrets })
  const silent = { update: () => undefined, log: say, stop: () => undefined }
  const ui = { note: say, warn: say, progress: () => Promise.resolve(silent) }
  const summary = await withTopicTarget(context, { create: createTopic, ui }, (target) => {
    say(`collecting every ${intervalMs / 1000} s into ${target.name}`)
    return collectInto(context, target, { intervalMs, ui, signal })
  })
  say(`stopped after ${summary.collections} collections, ${summary.samples} samples`)
}

function fail(error: unknown): number {
  if (error instanceof OperatorError) {
    const failure = describeFailure(error, '')
    say([`${failure.code}: ${failure.message}`, ...failure.nextSteps].join(' '))
    return failure.exitCode
  }
  say(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return EXIT_CODES.failed
}

let parsed: Arguments
try {
  parsed = readArguments()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`)
  process.exit(EXIT_CODES.usage)
}
// Like the command line: whatever a library still has open does not keep a service that was told to stop.
process.exit(await serve(parsed).then(() => EXIT_CODES.done, fail))
