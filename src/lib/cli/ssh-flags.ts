import { boolean, option, string } from '@oclif/core/flags'

import { SERVICE_MANAGERS } from '../execution/roll/service-manager.js'

const SSH = 'SSH'
const SERVICE = 'SERVICE'

/** How to log in to hosts: as the operator's own ssh would, with what is given here in place of ~/.ssh/config. */
export const loginFlags = {
  'ssh-user': string({ summary: 'user to log in as', helpGroup: SSH }),
  'ssh-config': string({
    char: 'S',
    summary: 'file in place of ~/.ssh/config',
    helpGroup: SSH,
  }),
  'identity-file': string({
    char: 'i',
    aliases: ['identity'],
    summary: 'private key, in place of those of ~/.ssh (may be repeated)',
    multiple: true,
    helpGroup: SSH,
  }),
  'known-hosts': string({
    summary: 'known_hosts file (may be repeated)',
    multiple: true,
    helpGroup: SSH,
  }),
  'accept-new-host-keys': boolean({
    summary: 'trust and keep the key of a host that is not known yet; never a changed one',
    helpGroup: SSH,
  }),
  'ssh-transport': option({ options: ['ssh2', 'openssh'] as const })({
    summary: "ssh2 (built in), or the system's ssh: certificates, FIDO, Kerberos (default ssh2)",
    helpGroup: SSH,
  }),
  'prompt-for-passphrase': boolean({
    summary: 'ask for the passphrase of a key (or set KLINIC_SSH_PASSPHRASE)',
    helpGroup: SSH,
  }),
}

/** Login flags, and which host a broker runs on. */
export const sshFlags = {
  inventory: string({
    summary: 'YAML or JSON file: broker id to [USER@]HOST[:PORT] (default: advertised hosts)',
    helpGroup: SSH,
  }),
  ...loginFlags,
}

const manager = option({ options: SERVICE_MANAGERS })({
  summary: 'what runs the broker on its host (default systemd)',
  helpGroup: SERVICE,
})
const service = string({ summary: 'name of the service (default kafka)', helpGroup: SERVICE })
const controllerService = string({
  summary: 'name of the service of controllers that are no brokers (default: --service)',
  helpGroup: SERVICE,
})

/** What `roll plan --print-sudoers` is made from. */
export const sudoersFlags = {
  'print-sudoers': boolean({
    summary: 'print the lines of /etc/sudoers.d that the login needs, instead of a plan',
    helpGroup: SERVICE,
  }),
  'ssh-user': loginFlags['ssh-user'],
  'service-manager': manager,
  service,
  'controller-service': controllerService,
}

/** How a broker's service is stopped, started and asked for. `{broker}` in a command or name stands for the broker id. */
export const serviceFlags = {
  'service-manager': manager,
  service,
  'controller-service': controllerService,
  'no-sudo': boolean({
    summary: 'run the built-in commands as the user who logs in, without sudo',
    helpGroup: SERVICE,
  }),
  'stop-cmd': string({ summary: 'own command to stop it', helpGroup: SERVICE }),
  'start-cmd': string({ char: 's', summary: 'own command to start it', helpGroup: SERVICE }),
  'status-cmd': string({
    summary: 'own command that exits 0 and prints the process id while it runs',
    helpGroup: SERVICE,
  }),
}
