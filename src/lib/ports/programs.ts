/** How a program of the operator is run: argv, never a shell line. */
export interface ProgramRun {
  readonly argv: readonly string[]
  /** Added to our own environment. */
  readonly env: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Its whole process group is ended when this has passed. */
  readonly timeoutMs: number
  /** Called once, with the process id, before the program can have done much. */
  readonly onStarted?: (pid: number) => Promise<void>
}

/** What a program left behind. Output (stdout and stderr as they came) is kept up to a cap and always drained. */
export interface ProgramResult {
  /** Null when it could not be started, was ended by a signal, or did not end in time. */
  readonly exitCode: number | null
  readonly signal: string | null
  readonly timedOut: boolean
  readonly output: string
  readonly truncated: boolean
  readonly durationMs: number
}

/** Runs programs on this host. Never rejects: what goes wrong stands in the result. */
export type RunProgram = (run: ProgramRun) => Promise<ProgramResult>
