import { existsSync, readFileSync } from 'node:fs'

import ssh2 from 'ssh2'

import { passphraseError, wrongPassphraseError } from './ssh-errors.js'
import type { SshSettings } from './ssh-settings.js'

/** A private key that can be used. */
export interface UsableKey {
  readonly file: string
  readonly pem: Buffer
  readonly passphrase?: string
}

/** Asks for a passphrase once per key file; absent when there is nobody to ask and none was given. */
export type PassphraseSource = (file: string) => Promise<string | undefined>

function isEncrypted(parsed: unknown): boolean {
  return parsed instanceof Error && /encrypted|passphrase/i.test(parsed.message)
}

/**
 * Loads the key files that exist. An encrypted key without a passphrase is passed over when `hasAgent` (the agent may hold
 * it) and refused otherwise; ssh2 would throw from `connect()` for it.
 */
export async function loadKeys(
  settings: SshSettings,
  passphraseOf: PassphraseSource,
  hasAgent: boolean,
): Promise<readonly UsableKey[]> {
  const keys: UsableKey[] = []
  for (const file of settings.identityFiles.filter((path) => existsSync(path))) {
    const pem = readFileSync(file)
    const plain = ssh2.utils.parseKey(pem)
    if (!(plain instanceof Error)) {
      keys.push({ file, pem })
      continue
    }
    if (!isEncrypted(plain)) continue
    const passphrase = await passphraseOf(file)
    if (passphrase === undefined) {
      if (hasAgent) continue
      throw passphraseError(file)
    }
    const opened = ssh2.utils.parseKey(pem, passphrase)
    if (opened instanceof Error) throw wrongPassphraseError(file, opened)
    keys.push({ file, pem, passphrase })
  }
  return keys
}
