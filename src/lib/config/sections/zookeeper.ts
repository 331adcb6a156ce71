import { z } from 'zod'

import * as value from '../values.js'
import { key, secret } from './key.js'

/** Where ZooKeeper is, for clusters that have one. */
export const zookeeper = z.strictObject({
  connect: key(value.text(), {
    description: 'host:port[,host:port][/chroot]',
    example: 'zk-1:2181,zk-2:2181/kafka',
  }),
  username: key(value.text().optional(), {
    description: 'user of digest authentication',
    example: 'klinic',
  }),
  password: secret('its password', 'ZOOKEEPER_PASSWORD'),
})
