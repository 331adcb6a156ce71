// `npm test`: everything that must hold, in a fresh clone too. Needs only Node; installs the npm packages when they are
// absent and, on Debian as root, Java, Maven and OpenSSL. The last line is `N passed, N failed`, summed over everything.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const skipLive = process.argv.includes('--skip-live')
const totals = { passed: 0, failed: 0 }

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  return result.status ?? 1
}

function has(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

function leave(message) {
  console.error(message)
  console.log('0 passed, 1 failed')
  process.exit(1)
}

function installNpmPackages() {
  if (existsSync(join(root, 'node_modules', 'vitest'))) return
  console.log('# npm packages are absent: npm ci')
  if (run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund']) !== 0) leave('npm ci failed')
}

function installSystemPackages() {
  const wanted = [
    ['java', ['-version'], 'openjdk-17-jre-headless'],
    ['mvn', ['-version'], 'maven'],
    ['openssl', ['version'], 'openssl'],
  ]
  const missing = wanted.filter(([command, args]) => !has(command, args)).map(([, , name]) => name)
  if (missing.length === 0) return
  const mayInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (!mayInstall) leave(`the live tests need ${missing.join(', ')}: install it, or --skip-live`)
  console.log(`# apt-get install ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  run('apt-get', ['update', '-qq'], { env })
  const options = ['install', '-y', '-qq', '--no-install-recommends']
  if (run('apt-get', [...options, ...missing], { env }) !== 0) leave('apt-get install failed')
}

function check(name, command, args) {
  console.log(`\n# ${name}`)
  const passed = run(command, args) === 0
  totals[passed ? 'passed' : 'failed'] += 1
  console.log(`${passed ? 'ok' : 'not ok'} ${name}`)
}

const bin = (name) => join(root, 'node_modules', '.bin', name)

function vitest(project) {
  console.log(`\n# ${project} tests`)
  const folder = mkdtempSync(join(tmpdir(), 'klinic-test-'))
  const report = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const env = { ...process.env, KLINIC_TEST_ENTRY: 'built' }
    const status = run(bin('vitest'), ['run', '--project', project, ...reporters], { env })
    const counted = existsSync(report) ? count(JSON.parse(readFileSync(report, 'utf8'))) : null
    totals.passed += counted?.passed ?? 0
    totals.failed += counted?.failed ?? 0
    // A run that failed without a failed test (a crash, an unhandled error) is a failure too.
    if (status !== 0 && (counted?.failed ?? 0) === 0) totals.failed += 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function count(report) {
  const broken = report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
}

installNpmPackages()
if (!skipLive) installSystemPackages()
check('build', process.execPath, ['scripts/build.js'])
check('type check', bin('tsc'), ['-p', 'tsconfig.json'])
check('eslint', bin('eslint'), ['.'])
check('prettier', bin('prettier'), ['--check', '{bin,src,agent,test,scripts}/**/*.{ts,js}'])
check('import rules', bin('depcruise'), [
  'src',
  'agent',
  'bin',
  '--config',
  '.dependency-cruiser.cjs',
])
check('unused code', bin('knip'), [])
vitest('unit')
if (!skipLive) vitest('live')

console.log(`\n${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed === 0 ? 0 : 1)
