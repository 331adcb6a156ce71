import { sanitiseLine } from '../units/terminal-text.js'

/** One line that says where a long piece of work stands. */
export interface Progress {
  /** On a terminal the lines are replaced; elsewhere the first of them is printed at most every 30 s. */
  update(text: string): void
  /** A line that stays (a batch is done): printed at once in both cases. */
  log(text: string): void
  /** Ends the line; `text` stays where given. */
  stop(text?: string): void
}

/** Where and whether progress is shown. */
export interface ProgressOptions {
  readonly say: (text: string) => void
  readonly silent: boolean
  readonly live: boolean
}

/** What is known of a stream that progress would be shown on. */
export interface Terminal {
  readonly isTty: boolean
  /** 0 where a terminal has no size, as one that `script` or a container made. */
  readonly columns: number | undefined
  readonly isCi: boolean
  readonly term: string | undefined
}

/** Whether lines may be replaced: a spinner that divides by a width of 0 would clear lines for ever. */
export function mayReplaceLines({ isTty, columns, isCi, term }: Terminal): boolean {
  return isTty && !isCi && term !== 'dumb' && columns !== 0
}

const PLAIN_INTERVAL_MS = 30_000

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

function plainProgress(say: (text: string) => void): Progress {
  let lastAtMs = Date.now()
  let last = ''
  const print = (text: string): void => {
    lastAtMs = Date.now()
    last = text
    say(text)
  }
  return {
    update: (lines) => {
      const text = firstLine(lines)
      if (text !== last && Date.now() - lastAtMs >= PLAIN_INTERVAL_MS) print(text)
    },
    log: print,
    stop: (text) => {
      if (text !== undefined) print(text)
    },
  }
}

const silentProgress: Progress = {
  update: () => undefined,
  log: () => undefined,
  stop: () => undefined,
}

/** Starts a progress line with its first text, which is shown at once. */
export async function startProgress(text: string, options: ProgressOptions): Promise<Progress> {
  if (options.silent) return silentProgress
  if (!options.live) {
    options.say(text)
    return plainProgress(options.say)
  }
  const { default: ora } = await import('ora')
  const spinner = ora({
    text: sanitiseLine(text),
    stream: process.stderr,
    discardStdin: false,
    hideCursor: false,
  }).start()
  return {
    update: (next) => {
      spinner.text = next.split('\n').map(sanitiseLine).join('\n')
    },
    log: (line) => {
      spinner.clear()
      options.say(line)
      spinner.render()
    },
    stop: (line) => {
      spinner.stop()
      if (line !== undefined) options.say(line)
    },
  }
}
