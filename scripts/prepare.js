// What `npm test` and `npm run demo` need before anything else: npm packages and, for a real cluster, a few programs.
// Uses nothing but Node itself, because in a fresh clone there is nothing else.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Runs a command with our own streams; its exit code, 1 when it was ended by a signal. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  return result.status ?? 1
}

const answers = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** Programs by the Debian package that brings them, and how to see that they are there. */
const PROGRAMS = {
  'openjdk-17-jre-headless': () => answers('java', ['-version']),
  maven: () => answers('mvn', ['-version']),
  openssl: () => answers('openssl', ['version']),
  'openssh-server': () => existsSync('/usr/sbin/sshd'),
  'openssh-client': () => answers('ssh', ['-V']),
  sudo: () => existsSync('/usr/sbin/visudo'),
  runit: () => existsSync('/usr/bin/runsv') || existsSync('/usr/sbin/runsv'),
  supervisor: () => existsSync('/usr/bin/supervisord'),
  iproute2: () => answers('ip', ['-V']) && answers('tc', ['-V']),
}

/** Names of the programs that a demo needs: a cluster and nothing else. */
export const CLUSTER_PROGRAMS = ['openjdk-17-jre-headless', 'maven', 'openssl']

/** Names of all programs that the live tests use. */
export const TEST_PROGRAMS = Object.keys(PROGRAMS)

/** Installs the npm packages of the lock file when they are absent. Returns what went wrong, or null. */
export function installNpmPackages() {
  if (existsSync(join(root, 'node_modules', 'vitest'))) return null
  console.error('# npm packages are absent: npm ci')
  return run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund']) === 0
    ? null
    : 'npm ci failed'
}

/** Installs missing programs on Debian as root; elsewhere names them. Returns what went wrong, or null. */
export function installPrograms(names) {
  const missing = names.filter((name) => !PROGRAMS[name]())
  if (missing.length === 0) return null
  const mayInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (!mayInstall) return `please install ${missing.join(', ')} (names of Debian's packages)`
  console.error(`# apt-get install ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  run('apt-get', ['update', '-qq'], { env })
  const options = ['install', '-y', '-qq', '--no-install-recommends']
  return run('apt-get', [...options, ...missing], { env }) === 0 ? null : 'apt-get install failed'
}
