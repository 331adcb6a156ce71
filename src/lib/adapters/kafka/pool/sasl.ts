import { OperatorError } from '../../../errors/operator-error.js'
import type { KafkaConnection, SaslSettings } from '../../../ports/connection.js'

/** The settings as kafkajs' authenticators take them (it adds to the object, so each connection needs its own). */
export function toKafkajsSasl(sasl: SaslSettings): object {
  if (sasl.mechanism !== 'OAUTHBEARER') {
    return { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password }
  }
  const { token } = sasl
  return {
    mechanism: 'OAUTHBEARER',
    oauthBearerProvider: async () => ({ value: await token() }),
  }
}

/**
 * Refuses to log in over an unencrypted connection: any host that Metadata names would be handed the password or the
 * token. `allowPlaintextSasl` is the operator's explicit word that the network is trusted.
 */
export function refuseSaslOverPlaintext(connection: KafkaConnection): void {
  if (connection.sasl === undefined || connection.tls !== undefined) return
  if (connection.allowPlaintextSasl === true) return
  throw new OperatorError({
    code: 'SASL_OVER_PLAINTEXT',
    message: `SASL ${connection.sasl.mechanism} without TLS would send the login unprotected to every host that the cluster names.`,
    nextSteps: [
      'Use security.protocol=SASL_SSL, or allow it explicitly for this connection where the network is trusted.',
    ],
    exit: 'badConfig',
  })
}
