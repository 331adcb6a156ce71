// `npm run demo [-- --mode kraft|zookeeper]`: the main job on a real cluster, in a fresh clone too.
import { join } from 'node:path'

import { CLUSTER_PROGRAMS, installNpmPackages, installPrograms, root, run } from './prepare.js'

const problem = installNpmPackages() ?? installPrograms(CLUSTER_PROGRAMS)
if (problem !== null) {
  console.error(problem)
  process.exit(1)
}
if (run(process.execPath, ['scripts/build.js'], { stdio: ['ignore', 'ignore', 'inherit'] }) !== 0)
  process.exit(1)
const demo = join(root, 'test', 'demo', 'demo.ts')
process.exit(run(process.execPath, ['--import', 'tsx', demo, ...process.argv.slice(2)]))
