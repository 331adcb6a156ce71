import { z } from 'zod'

import * as value from '../values.js'
import { key } from './key.js'

/** How to log in to the hosts of brokers; what is not said here is as in ~/.ssh/config. */
export const ssh = z
  .strictObject({
    user: key(value.text().optional(), {
      description: 'user to log in as',
      example: 'klinic',
      flag: 'ssh-user',
    }),
    config: key(value.text().optional(), {
      description: 'file in place of ~/.ssh/config',
      example: '/etc/klinic/ssh_config',
      flag: 'ssh-config',
    }),
    identityFiles: key(value.list(value.text()).optional(), {
      description: 'private keys, in place of those of ~/.ssh',
      example: ['~/.ssh/klinic_ed25519'],
      flag: 'identity-file',
    }),
    knownHosts: key(value.list(value.text()).optional(), {
      description: 'known_hosts files',
      example: ['/etc/klinic/known_hosts'],
      flag: 'known-hosts',
    }),
    transport: key(z.enum(['ssh2', 'openssh']).prefault('ssh2'), {
      description: "ssh2 (built in) or openssh (the system's ssh: certificates, FIDO, Kerberos)",
      flag: 'ssh-transport',
    }),
  })
  .prefault({})
