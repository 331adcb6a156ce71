import { expect, it } from 'vitest'

import {
  formatAddress,
  parseBrokerAddress,
} from '../../../../../src/lib/adapters/kafka/pool/broker-address.js'

it.each([
  ['kafka1:9093', 'kafka1', 9093],
  ['kafka1', 'kafka1', 9092],
  ['10.0.0.7:19092', '10.0.0.7', 19092],
  ['[2001:db8::1]:9094', '2001:db8::1', 9094],
  ['SASL_SSL://kafka1.example.org:9093', 'kafka1.example.org', 9093],
])('reads %s', (text, host, port) => {
  expect(parseBrokerAddress(text)).toEqual({ host, port })
})

it.each(['', 'kafka1:', 'kafka1:0', 'kafka1:70000', 'a b:9092', 'http://kafka1:9092/x', ':9092'])(
  'does not take "%s" for an address',
  (text) => {
    expect(parseBrokerAddress(text)).toBeNull()
  },
)

it('writes an IPv6 address in brackets', () => {
  expect(formatAddress({ host: '2001:db8::1', port: 9092 })).toBe('[2001:db8::1]:9092')
})
