/** Where a secured lab keeps certificates and ready-made client files. */
export interface SecurityFiles {
  /** The CA that signed the brokers' certificate. */
  readonly ca: string
  readonly caKey: string
  /** A CA that signed nothing here: trusting only this one must fail. */
  readonly untrustedCa: string
  /** Key and certificate of the brokers, PKCS12. */
  readonly brokerKeystore: string
  readonly truststorePkcs12: string
  readonly clients: ClientFiles
}

/** Client configuration files, as operators have them. */
export interface ClientFiles {
  /** Java client, PEM truststore, super user. */
  readonly superUser: string
  /** The same with a PKCS12 truststore. */
  readonly superUserPkcs12: string
  /** The same for librdkafka. */
  readonly superUserLibrdkafka: string
  /** Logs in, has no ACLs. */
  readonly plainUser: string
  readonly wrongPassword: string
  readonly untrusted: string
}

/** Paths only; nothing needs to exist yet. */
export function securityFiles(labDir: string): SecurityFiles {
  const dir = `${labDir}/security`
  return {
    ca: `${dir}/ca.pem`,
    caKey: `${dir}/ca.key`,
    untrustedCa: `${dir}/untrusted-ca.pem`,
    brokerKeystore: `${dir}/broker.p12`,
    truststorePkcs12: `${dir}/truststore.p12`,
    clients: {
      superUser: `${dir}/client.properties`,
      superUserPkcs12: `${dir}/client-pkcs12.properties`,
      superUserLibrdkafka: `${dir}/client-librdkafka.properties`,
      plainUser: `${dir}/plain-user.properties`,
      wrongPassword: `${dir}/wrong-password.properties`,
      untrusted: `${dir}/untrusted.properties`,
    },
  }
}
