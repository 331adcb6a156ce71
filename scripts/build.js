// Builds dist/ and oclif.manifest.json. The manifest is what keeps start-up cheap: without it each run reads every command.
import { rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
rmSync(join(root, 'dist'), { recursive: true, force: true })
rmSync(join(root, 'oclif.manifest.json'), { force: true })

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const built = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
if (built.status !== 0) process.exit(built.status ?? 1)

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
writeFileSync(manifest, `${JSON.stringify(plugin.manifest, null, 1)}\n`)
console.log(`${Object.keys(plugin.manifest.commands).length} commands in ${manifest}`)
