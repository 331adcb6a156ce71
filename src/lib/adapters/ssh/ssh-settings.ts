/** How to reach one host by SSH, with everything resolved from flags, klinic.yaml and ~/.ssh/config. */
export interface SshSettings {
  readonly hostName: string
  readonly port: number
  readonly user: string
  /** Name under which the host key is kept (`HostKeyAlias`), else `hostName`. */
  readonly keyName: string
  readonly identityFiles: readonly string[]
  readonly agentSocket?: string
  readonly knownHostsFiles: readonly string[]
  /** Hosts to go through, nearest first (`ProxyJump`), each as the operator wrote it. */
  readonly jumps: readonly string[]
}

/** What a host key that is not in known_hosts means: refuse, or accept a new one (never a changed one). */
export type HostKeyPolicy = 'strict' | 'accept-new'
