import type { LabLayout } from '../options.js'
import type { Properties } from '../properties.js'
import { jaasLine } from './client-files.js'
import { STORE_PASSWORD, SUPER_USER } from './credentials.js'
import { securityFiles } from './files.js'

const AUTHORIZERS = {
  kraft: 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  zookeeper: 'kafka.security.authorizer.AclAuthorizer',
}

/**
 * Server properties of a secured lab: clients and brokers meet on one SASL_SSL listener. With KRaft the
 * brokers reach the controller in plain text, where they are ANONYMOUS; no client listener lets anyone be that.
 */
export function securityProperties(lab: LabLayout): Properties {
  const files = securityFiles(lab.dir)
  const superUser = `User:${SUPER_USER.username}`
  return {
    'authorizer.class.name': AUTHORIZERS[lab.mode],
    'super.users': lab.mode === 'kraft' ? `${superUser};User:ANONYMOUS` : superUser,
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': jaasLine(SUPER_USER),
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': files.brokerKeystore,
    'ssl.keystore.password': STORE_PASSWORD,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': files.ca,
  }
}
