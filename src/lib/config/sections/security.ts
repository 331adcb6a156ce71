import { z } from 'zod'

import * as value from '../values.js'
import { key, secret } from './key.js'

/** How the brokers are recognised and how they recognise Klinic. */
export const tls = z.strictObject({
  ca: key(value.text().optional(), {
    description: 'PEM file of the certificate authorities (default: those of Node)',
    example: 'ca.pem',
  }),
  certificate: key(value.text().optional(), {
    description: 'PEM file of the client certificate with its chain',
    example: 'client.pem',
  }),
  key: key(value.text().optional(), {
    description: 'PEM file of the client key',
    example: 'client.key',
  }),
  pkcs12: key(value.text().optional(), {
    description: 'PKCS12 file with client certificate and key, instead of the two',
    example: 'client.p12',
  }),
  passphrase: secret('passphrase of key or pkcs12', 'KAFKA_KEY_PASSPHRASE'),
})

/** How Klinic logs in. */
export const sasl = z.strictObject({
  mechanism: key(z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER']), {
    description: 'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER',
    example: 'SCRAM-SHA-512',
  }),
  username: key(value.text().optional(), {
    description: 'user of PLAIN or SCRAM',
    example: 'klinic',
  }),
  password: secret('its password', 'KAFKA_PASSWORD'),
  tokenEndpoint: key(z.url({ protocol: /^https$/, error: 'expected an https URL' }).optional(), {
    description: 'OAUTHBEARER: where the token comes from (client credentials, https only)',
    example: 'https://id.example.com/token',
  }),
  clientId: key(value.text().optional(), {
    description: 'OAUTHBEARER: client id',
    example: 'klinic',
  }),
  clientSecret: secret('OAUTHBEARER: client secret', 'KAFKA_CLIENT_SECRET'),
  scope: key(value.text().optional(), { description: 'OAUTHBEARER: scope', example: 'kafka' }),
})
