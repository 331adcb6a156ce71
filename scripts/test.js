// `npm test`: everything that must hold, in a fresh clone too. Needs only Node; installs the npm packages when they are
// absent and, on Debian as root, the programs that the live tests use. The last line is `N passed, N failed`, summed over everything.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { installNpmPackages, installPrograms, root, run, TEST_PROGRAMS } from './prepare.js'

const skipLive = process.argv.includes('--skip-live')
const totals = { passed: 0, failed: 0 }

function leave(message) {
  console.error(message)
  console.log('0 passed, 1 failed')
  process.exit(1)
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

const problem = installNpmPackages() ?? (skipLive ? null : installPrograms(TEST_PROGRAMS))
if (problem !== null) leave(problem)
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
