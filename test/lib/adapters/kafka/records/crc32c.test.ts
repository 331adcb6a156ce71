import { Buffer } from 'node:buffer'

import { expect, it } from 'vitest'

import { crc32c } from '../../../../../src/lib/adapters/kafka/records/crc32c.js'

// RFC 3720, appendix B.4, and the check value of CRC-32C.
it.each([
  ['nothing', Buffer.alloc(0), 0],
  ['the check string', Buffer.from('123456789'), 0xe3069283],
  ['32 bytes of zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 ascending bytes', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
])('the checksum of %s is the published one', (_what, bytes, checksum) => {
  expect(crc32c(bytes)).toBe(checksum)
})
