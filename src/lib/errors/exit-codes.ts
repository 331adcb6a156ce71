/** One row of the exit code table (one table serves runtime, help and docs). */
export interface ExitCode {
  readonly code: number
  readonly name: string
  readonly meaning: string
}

/** Every exit code that klinic uses; scripts may rely on the numbers. */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  changesPending: 2,
  refused: 3,
  stale: 4,
  stoppedHalfWay: 5,
  hookSaidNo: 6,
  needsPerson: 7,
  usage: 64,
  badData: 65,
  unreachable: 69,
  tryLater: 75,
  notAuthorised: 77,
  badConfig: 78,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const

/** A name of the exit code table. */
export type ExitName = keyof typeof EXIT_CODES

const MEANINGS: Readonly<Record<ExitName, string>> = {
  done: 'done, or nothing to do',
  failed: 'failed',
  changesPending: 'changes pending, or two plans differ (only with --detailed-exitcode)',
  refused: 'not confident, infeasible, or something is wrong with the cluster; nothing changed',
  stale: 'the plan is stale or for another cluster',
  stoppedHalfWay: 'stopped half-way; the cluster is whole and the work can be resumed',
  hookSaidNo: 'a hook said no',
  needsPerson: 'stopped, and a broker is down or a partition needs a person',
  usage: 'usage: wrong flags or arguments, or a wrong --confirm',
  badData: 'unreadable or newer plan, snapshot or journal',
  unreachable: 'the cluster or a host cannot be reached',
  tryLater: 'try later: lock, cooldown, maintenance or a reassignment in flight',
  notAuthorised: 'not authorised (also: host key changed, sudo wants a password)',
  badConfig: 'bad configuration',
  hangup: 'hang-up, stopped cleanly',
  interrupted: 'interrupted, stopped cleanly',
  terminated: 'terminated, stopped cleanly',
}

const isExitName = (name: string): name is ExitName => name in EXIT_CODES

/** The table as rows, in ascending order of the number. */
export const exitCodeTable: readonly ExitCode[] = Object.keys(EXIT_CODES)
  .filter(isExitName)
  .map((name) => ({ code: EXIT_CODES[name], name, meaning: MEANINGS[name] }))
