import { writeFileSync } from 'node:fs'
import { toProperties } from '../properties.js'
import { type LabUser, PLAIN_USER, SUPER_USER, STORE_PASSWORD } from './credentials.js'
import type { SecurityFiles } from './files.js'

/** The line of JAAS that makes a Java client or broker log in with SCRAM. */
export function jaasLine(user: LabUser): string {
  const module = 'org.apache.kafka.common.security.scram.ScramLoginModule'
  return `${module} required username="${user.username}" password="${user.password}";`
}

function javaClient(user: LabUser, trust: Readonly<Record<string, string>>): string {
  return toProperties({
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.jaas.config': jaasLine(user),
    ...trust,
  })
}

const pem = (location: string): Record<string, string> => ({
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': location,
})

/** Writes the client files of a secured lab. */
export function writeClientFiles(files: SecurityFiles): void {
  const { clients } = files
  const pkcs12 = {
    'ssl.truststore.type': 'PKCS12',
    'ssl.truststore.location': files.truststorePkcs12,
    'ssl.truststore.password': STORE_PASSWORD,
  }
  const librdkafka = {
    'security.protocol': 'sasl_ssl',
    'sasl.mechanisms': 'SCRAM-SHA-512',
    'sasl.username': SUPER_USER.username,
    'sasl.password': SUPER_USER.password,
    'ssl.ca.location': files.ca,
  }
  const wrong = { ...SUPER_USER, password: 'wrong' }
  const write = (file: string, text: string): void => writeFileSync(file, text, { mode: 0o600 })
  write(clients.superUser, javaClient(SUPER_USER, pem(files.ca)))
  write(clients.superUserPkcs12, javaClient(SUPER_USER, pkcs12))
  write(clients.superUserLibrdkafka, toProperties(librdkafka))
  write(clients.plainUser, javaClient(PLAIN_USER, pem(files.ca)))
  write(clients.wrongPassword, javaClient(wrong, pem(files.ca)))
  write(clients.untrusted, javaClient(SUPER_USER, pem(files.untrustedCa)))
}
