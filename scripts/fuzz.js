// `npm run fuzz [SEED]`: the property tests from a seed of its own each time, printed so that what it finds can be found again.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { root, run } from './prepare.js'

const seed = process.argv[2] ?? String(Math.floor(Math.random() * 2 ** 31))
const files = readdirSync(join(root, 'test'), { recursive: true })
  .filter((name) => name.endsWith('.test.ts') && !name.startsWith('live'))
  .filter((name) => readFileSync(join(root, 'test', name), 'utf8').includes('fast-check'))
console.log(`# seed ${seed}, ${files.length} files`)
const vitest = join(root, 'node_modules', '.bin', 'vitest')
const names = files.map((name) => join('test', name))
process.exit(
  run(vitest, ['run', '--project', 'unit', ...names], {
    env: { ...process.env, KLINIC_SEED: seed },
  }),
)
