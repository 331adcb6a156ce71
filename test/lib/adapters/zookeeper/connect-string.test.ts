import { describe, expect, it } from 'vitest'
import { parseConnectString } from '../../../../src/lib/adapters/zookeeper/connect-string.js'

describe('the address of a ZooKeeper ensemble', () => {
  it('is a list of servers with a chroot, blanks and a last slash forgiven', () => {
    expect(parseConnectString('zk1:2181, zk2:2181/kafka/prod/')).toEqual({
      text: 'zk1:2181,zk2:2181/kafka/prod',
      servers: ['zk1:2181', 'zk2:2181'],
      chroot: '/kafka/prod',
    })
    expect(parseConnectString('zk1').chroot).toBe('')
  })

  it.each(['ssl://zk1:2182', 'tls://zk1:2182', 'zookeeper+ssl://zk1'])(
    'says that it cannot do TLS or SASL when %s asks for it',
    (text) => {
      expect(() => parseConnectString(text)).toThrow(/without TLS and without SASL/)
    },
  )

  it('never repeats credentials that stand in the address', () => {
    const parse = (): unknown => parseConnectString('super:secret@zk1:2181')
    expect(parse).toThrow('***@zk1:2181')
    expect(parse).not.toThrow('secret')
  })

  it.each(['', 'zk1:port', 'zk1:2181,,zk2', '[::1]:2181', 'zk1/a//b', 'zk1:2181/a b'])(
    'refuses %j with exit 78',
    (text) => {
      expect(() => parseConnectString(text)).toThrow(
        expect.objectContaining({ code: 'ZOOKEEPER_ADDRESS_INVALID', exit: 'badConfig' }),
      )
    },
  )
})
