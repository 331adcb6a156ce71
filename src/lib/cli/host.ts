import type { Redactor } from './redactor.js'
import { createRedactor } from './redactor.js'
import type { SignalWatch } from './signals.js'
import { watchSignals } from './signals.js'
import type { Streams } from './streams.js'
import { openStreams } from './streams.js'

/** What a run has from its process, opened before anything can fail: streams, signals, and how to render. */
export interface Host {
  readonly version: string
  /** Decided from argv and KLINIC_JSON before the flags are parsed, so that even a usage error is rendered right. */
  readonly json: boolean
  readonly streams: Streams
  readonly signals: SignalWatch
  readonly redactor: Redactor
}

/** True for `1`, `true`, `y`, `yes` in any case: how an environment variable says yes to a boolean flag. */
export function isYes(value: string | undefined): boolean {
  return /^(1|true|y|yes)$/i.test(value ?? '')
}

/** Whether a boolean flag is given before `--`, or in the environment. */
export function hasFlag(argv: readonly string[], flag: string, env: NodeJS.ProcessEnv): boolean {
  const end = argv.indexOf('--')
  const given = end === -1 ? argv : argv.slice(0, end)
  const variable = `KLINIC_${flag.toUpperCase().replaceAll('-', '_')}`
  return given.includes(`--${flag}`) || isYes(env[variable])
}

/** Opens streams and signal handling for this process; call once. */
export function openHost(argv: readonly string[], version: string): Host {
  const redactor = createRedactor()
  const streams = openStreams(redactor)
  const signals = watchSignals((text) => streams.writeNote(text))
  return { version, json: hasFlag(argv, 'json', process.env), streams, signals, redactor }
}
