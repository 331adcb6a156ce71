/** What a remote command left behind. Output is kept up to a cap and always drained. */
export interface RemoteResult {
  /** Null when the command was ended by a signal or did not end in time. */
  readonly exitCode: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
  /** True when output beyond the cap was thrown away. */
  readonly truncated: boolean
  /** True when our deadline passed; the remote command may still be running. */
  readonly timedOut: boolean
  readonly durationMs: number
}

/** How a remote command is run: its deadline, and what it finds in its environment. */
export interface RemoteRunOptions {
  readonly timeoutMs: number
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** One open connection to a host. `command` is a line for the remote shell: quote what comes from outside. */
export interface HostConnection {
  readonly host: string
  run(command: string, options: RemoteRunOptions): Promise<RemoteResult>
  close(): Promise<void>
}

/** Opens connections to hosts. Throws OperatorError: unreachable (69), or host key and login refusals (77). */
export interface HostConnector {
  connect(host: string): Promise<HostConnection>
}
