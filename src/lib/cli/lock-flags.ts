import { boolean } from '@oclif/core/flags'

import type { LockWish } from './lock-choice.js'

/** Flag of every command that takes the lock of the cluster. */
export const lockFlags = {
  'local-lock': boolean({
    summary: 'keep away other processes of this host only, not those of other hosts',
    helpGroup: 'GUARDS (each is recorded when it is lifted)',
  }),
}

/** What the flag says. */
export const lockWish = (flags: { readonly 'local-lock': boolean }): LockWish => ({
  localOnly: flags['local-lock'],
})
