import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

import type { HostKeyVerdict, KnownHostLine } from './known-hosts.js'
import { judgeHostKey, knownHostName, linesFor, parseKnownHosts } from './known-hosts.js'
import type { HostKeyPolicy, SshSettings } from './ssh-settings.js'

/** The host keys that an operator trusts, read once for a run. Unreadable files vouch for nothing. */
export interface TrustedKeys {
  readonly lines: readonly KnownHostLine[]
  /** Files that exist but could not be read. */
  readonly unreadable: readonly string[]
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** Reads all known_hosts files; a missing one is empty, an unreadable one is named. */
export function readTrustedKeys(files: readonly string[]): TrustedKeys {
  const lines: KnownHostLine[] = []
  const unreadable: string[] = []
  for (const file of files) {
    try {
      lines.push(...parseKnownHosts(readFileSync(file, 'utf8')))
    } catch (error) {
      if (!isMissing(error)) unreadable.push(file)
    }
  }
  return { lines, unreadable }
}

/** Key types known for the host, so that the server is asked for a key that can be compared (as OpenSSH does). */
export function knownKeyTypes(trusted: TrustedKeys, settings: SshSettings): readonly string[] {
  const lines = linesFor(trusted.lines, settings.keyName, settings.port).filter(
    (line) => line.marker === 'none',
  )
  return [...new Set(lines.map((line) => line.keyType))]
}

/** Verdict for a shown key; with `accept-new` an unknown key is kept in the first known_hosts file and trusted. */
export function verifyHostKey(
  trusted: TrustedKeys,
  settings: SshSettings,
  policy: HostKeyPolicy,
  key: Uint8Array,
): HostKeyVerdict {
  const verdict = judgeHostKey(trusted.lines, { host: settings.keyName, port: settings.port }, key)
  const file = settings.knownHostsFiles[0]
  if (
    verdict !== 'unknown' ||
    policy !== 'accept-new' ||
    file === undefined ||
    trusted.unreadable.length > 0
  ) {
    return verdict
  }
  const type = Buffer.from(key)
    .subarray(4, 4 + Buffer.from(key).readUInt32BE(0))
    .toString('latin1')
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const line = `${knownHostName(settings.keyName, settings.port)} ${type} ${Buffer.from(key).toString('base64')}\n`
  appendFileSync(file, line, { mode: 0o600 })
  return 'match'
}
