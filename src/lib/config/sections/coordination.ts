import { z } from 'zod'

import { key } from './key.js'

const CHROOT = /^(\/[A-Za-z0-9._-]+)+$/

/** Where hosts agree on who works on a cluster; every host that works on it must say the same. */
export const coordination = z
  .strictObject({
    kind: key(z.enum(['kafka', 'zookeeper']).prefault('kafka'), {
      description:
        'where the lock of the cluster and the state are: kafka (a group and the state topic) or zookeeper',
    }),
    chroot: key(z.string().regex(CHROOT, 'expected a path such as /klinic').prefault('/klinic'), {
      description: "with zookeeper: node of ours, below that of the cluster's own connect string",
    }),
  })
  .prefault({})
