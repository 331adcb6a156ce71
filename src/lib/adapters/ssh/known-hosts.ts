import { createHmac, timingSafeEqual } from 'node:crypto'

/** A usable line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHostLine {
  readonly marker: 'none' | 'revoked' | 'cert-authority'
  readonly patterns: string
  readonly keyType: string
  readonly keyBase64: string
}

/** What known_hosts says of a key that a host shows. */
export type HostKeyVerdict = 'match' | 'changed' | 'unknown' | 'revoked'

function parseLine(raw: string): KnownHostLine | null {
  const words = raw.trim().split(/[ \t]+/)
  const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined
  if (marker !== undefined && marker !== '@revoked' && marker !== '@cert-authority') return null
  const [patterns, keyType, keyBase64] = words
  if (patterns === undefined || keyType === undefined || keyBase64 === undefined) return null
  if (patterns.startsWith('#')) return null
  const kind = marker === '@revoked' ? 'revoked' : marker === undefined ? 'none' : 'cert-authority'
  return { marker: kind, patterns, keyType, keyBase64 }
}

/** Reads the lines of a known_hosts file; lines that cannot be read vouch for nothing and are left out. */
export function parseKnownHosts(text: string): readonly KnownHostLine[] {
  return text.split('\n').flatMap((raw) => parseLine(raw) ?? [])
}

/** `host`, or `[host]:port` off the standard port: the name under which a key is kept. */
export function knownHostName(host: string, port: number): string {
  const lower = host.toLowerCase()
  return port === 22 ? lower : `[${lower}]:${port}`
}

function matchesHashed(pattern: string, name: string): boolean {
  const [, version, salt, hash] = pattern.split('|')
  if (version !== '1' || salt === undefined || hash === undefined) return false
  const expected = Buffer.from(hash, 'base64')
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

/** Wildcards `*` and `?` without a regular expression, so that no pattern can take long. */
function matchesWildcard(pattern: string, name: string): boolean {
  let p = 0
  let n = 0
  let star = -1
  let restart = 0
  while (n < name.length) {
    if (
      p < pattern.length &&
      (pattern[p] === '?' || pattern[p] === name[n]) &&
      pattern[p] !== '*'
    ) {
      p++
      n++
    } else if (pattern[p] === '*') {
      star = p++
      restart = n
    } else if (star >= 0) {
      p = star + 1
      n = ++restart
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

function matchesPatterns(patterns: string, name: string): boolean {
  if (patterns.startsWith('|')) return matchesHashed(patterns, name)
  const list = patterns.toLowerCase().split(',')
  const denied = list.some(
    (pattern) => pattern.startsWith('!') && matchesWildcard(pattern.slice(1), name),
  )
  return (
    !denied && list.some((pattern) => !pattern.startsWith('!') && matchesWildcard(pattern, name))
  )
}

/** The lines that speak of a host. */
export function linesFor(
  lines: readonly KnownHostLine[],
  host: string,
  port: number,
): readonly KnownHostLine[] {
  const name = knownHostName(host, port)
  return lines.filter((line) => matchesPatterns(line.patterns, name))
}

/**
 * Judges the key that a host shows. A revoked key is refused wherever it stands; a certificate authority vouches for
 * certificates, which ssh2 cannot check, so it never makes a match here.
 */
export function judgeHostKey(
  lines: readonly KnownHostLine[],
  host: { readonly host: string; readonly port: number },
  key: Uint8Array,
): HostKeyVerdict {
  const shown = Buffer.from(key).toString('base64').replace(/=+$/, '')
  const sameKey = (line: KnownHostLine): boolean => line.keyBase64.replace(/=+$/, '') === shown
  const relevant = linesFor(lines, host.host, host.port)
  if (relevant.some((line) => line.marker === 'revoked' && sameKey(line))) return 'revoked'
  const plain = relevant.filter((line) => line.marker === 'none')
  if (plain.some(sameKey)) return 'match'
  return plain.length > 0 ? 'changed' : 'unknown'
}
