// Builds dist/ and oclif.manifest.json. The manifest is what keeps start-up cheap: without it each run reads every command.
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
// Built beside and swapped in, so that a klinic that runs meanwhile finds its files.
const fresh = `${dist}.${process.pid}`
const stale = `${fresh}.old`

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const built = spawnSync(
  process.execPath,
  [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh, '--noEmitOnError'],
  { cwd: root, stdio: 'inherit' },
)
if (built.status !== 0) {
  rmSync(fresh, { recursive: true, force: true })
  process.exit(built.status ?? 1)
}
if (existsSync(dist)) renameSync(dist, stale)
renameSync(fresh, dist)
rmSync(stale, { recursive: true, force: true })

const { Plugin } = await import('@oclif/core/config')
const plugin = new Plugin({
  root,
  isRoot: true,
  ignoreManifest: true,
  errorOnManifestCreate: true,
  respectNoCacheDefault: true,
})
await plugin.load()
const manifest = join(root, 'oclif.manifest.json')
writeFileSync(`${manifest}.${process.pid}`, `${JSON.stringify(plugin.manifest, null, 1)}\n`)
renameSync(`${manifest}.${process.pid}`, manifest)
console.log(`${Object.keys(plugin.manifest.commands).length} commands in ${manifest}`)
