/** How to reach a cluster, with every secret already resolved. Never logged, never written to a plan. */
export interface KafkaConnection {
  readonly bootstrapServers: readonly string[]
  readonly clientId: string
  readonly connectTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly tls?: TlsSettings
  readonly sasl?: SaslSettings
  /** The operator's explicit word that a login may cross an unencrypted connection; refused otherwise. */
  readonly allowPlaintextSasl?: boolean
}

/** TLS; certificates are always verified. PEM texts or a PKCS12 container, with the passphrase where one is needed. */
export interface TlsSettings {
  readonly caPem?: string
  readonly certPem?: string
  readonly keyPem?: string
  readonly pkcs12?: Uint8Array
  readonly passphrase?: string
  /** False only when the operator's own properties say `ssl.endpoint.identification.algorithm=` (empty). */
  readonly checkHostName: boolean
}

/** SASL mechanisms that we speak. Kerberos (GSSAPI) is not among them and is refused in a sentence. */
export type SaslSettings =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
      readonly username: string
      readonly password: string
    }
  | { readonly mechanism: 'OAUTHBEARER'; readonly token: () => Promise<string> }

/** How to reach ZooKeeper: `connectString` with chroot; digest is the only authentication (no TLS, no SASL). */
export interface ZooKeeperConnection {
  readonly connectString: string
  readonly sessionTimeoutMs: number
  readonly operationTimeoutMs: number
  readonly digest?: { readonly username: string; readonly password: string }
}
