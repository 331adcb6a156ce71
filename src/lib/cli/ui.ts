import type { Style } from '../report/style.js'
import { mayColour, openStyle } from './colour.js'
import type { Host } from './host.js'
import { isYes } from './host.js'
import type { Progress } from './progress.js'
import { mayReplaceLines, startProgress } from './progress.js'

/** The global flags as a command got them. */
export interface UiFlags {
  readonly quiet: boolean
  readonly verbose: boolean
  readonly 'no-color': boolean
  readonly 'no-input': boolean
}

/** How a command talks to people beside its result; all of it goes to stderr. */
export interface Ui {
  /** Worth knowing; silent under --quiet. */
  note(text: string): void
  /** Always shown, as `Warning: …`. */
  warn(text: string): void
  /** Shown with --verbose only. */
  detail(text: string): void
  /** Live on a terminal, plain lines elsewhere, nothing under --quiet. */
  progress(text: string): Promise<Progress>
  readonly verbose: boolean
  readonly quiet: boolean
  /** True when a question may be asked: stdin and stderr are terminals, not CI, not --no-input. */
  readonly mayAsk: boolean
  readonly stdout: { readonly coloured: boolean; readonly style: Style }
  readonly stderr: { readonly coloured: boolean; readonly style: Style }
}

async function openFor(stream: NodeJS.WriteStream, noColorFlag: boolean) {
  const coloured = mayColour({ isTty: stream.isTTY, noColorFlag, env: process.env })
  return { coloured, style: await openStyle(coloured, stream.isTTY ? stream.columns : undefined) }
}

/** Applies the global flags to this process' streams. */
export async function openUi(host: Host, flags: UiFlags): Promise<Ui> {
  const stdout = await openFor(process.stdout, flags['no-color'])
  const stderr = await openFor(process.stderr, flags['no-color'])
  const say = (text: string): void => host.streams.writeNote(text, stderr.coloured)
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY
  const isCi = isYes(process.env['CI'])
  const { isTTY: isTty, columns } = process.stderr
  const isLive = mayReplaceLines({ isTty, columns, isCi, term: process.env['TERM'] })
  return {
    note: (text) => {
      if (!flags.quiet) say(text)
    },
    warn: (text) => say(`${stderr.style.yellow('Warning:')} ${text}`),
    detail: (text) => {
      if (flags.verbose) say(stderr.style.dim(text))
    },
    progress: (text) => startProgress(text, { say, silent: flags.quiet, live: isLive }),
    verbose: flags.verbose,
    quiet: flags.quiet,
    mayAsk: isTerminal && !isCi && !flags['no-input'],
    stdout,
    stderr,
  }
}
