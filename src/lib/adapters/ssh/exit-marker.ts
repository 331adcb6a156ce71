import { randomBytes } from 'node:crypto'

import { quoteShell } from './quote-shell.js'

/** A remote command that says on stdout how it ended: a child in the background may keep its channel open for ever. */
export interface MarkedCommand {
  readonly line: string
  /** Splits what came after the last line of the command from its output; null while it has not ended. */
  readonly read: (stdout: string) => { readonly exitCode: number; readonly output: string } | null
}

const SCRIPT = String.raw`sh -c "$1"; printf '\n%s %d\n' "$2" "$?"`

/** Wraps a command for any login shell; the marker is random, so that no output can be taken for it. */
export function markExit(command: string): MarkedCommand {
  const marker = `klinic-${randomBytes(12).toString('hex')}`
  const pattern = new RegExp(`\n${marker} (\\d+)\n`)
  return {
    line: `sh -c ${quoteShell(SCRIPT)} klinic ${quoteShell(command)} ${marker}`,
    read: (stdout) => {
      const match = pattern.exec(stdout)
      if (match === null) return null
      return { exitCode: Number(match[1]), output: stdout.slice(0, match.index) }
    },
  }
}
