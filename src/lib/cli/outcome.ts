import type { ExitName } from '../errors/exit-codes.js'
import type { Style } from '../report/style.js'

/** What a command hands back: the result as data, and how to say it to people. Rendering is chosen elsewhere. */
export interface Outcome<Json> {
  /** The result document that `--json` prints as it is. */
  readonly json: Json
  /** The same for people; called only without `--json`. */
  readonly text: (style: Style) => string
  /** Default `done`. */
  readonly exit?: ExitName
  /** Commands worth running next, complete lines; shown on stderr, not under --json or --quiet. */
  readonly next?: readonly string[]
  /** True when the result was printed line by line while the command ran: nothing is left to be printed. */
  readonly isPrinted?: boolean
  /** True when nothing changed and nothing is wrong: `--quiet` then prints nothing at all. */
  readonly quietWhenDone?: boolean
}
