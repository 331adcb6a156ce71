import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const POM = fileURLToPath(new URL('pom.xml', import.meta.url))
const MAVEN_TIMEOUT_MS = 600_000
const JOLOKIA = 'org.jolokia:jolokia-agent-jvm:2.2.9:jar:javaagent'
const PROMETHEUS = 'io.prometheus.jmx:jmx_prometheus_javaagent:1.0.1:jar'

/** Folder of jars, shared by all labs of this user; never inside the repository. */
export function cacheFolder(): string {
  return `${process.env['XDG_CACHE_HOME'] || `${homedir()}/.cache`}/klinic-lab`
}

/** Resolves a Kafka version once; gives the folder that holds its jars. */
export async function resolveKafka(version: string): Promise<string> {
  const bridge = Number(version.split('.')[0]) >= 4 ? ['-Plog4j2'] : []
  const goal = ['dependency:copy-dependencies', `-Dkafka.version=${version}`, ...bridge]
  return resolveInto(`kafka-${version}`, [goal])
}

/** Resolves the two Java agents once. */
export async function resolveAgents(): Promise<{ jolokia: string; prometheus: string }> {
  const dir = await resolveInto('agents-jolokia-2.2.9-prometheus-1.0.1', [
    ['dependency:copy', `-Dartifact=${JOLOKIA}`],
    ['dependency:copy', `-Dartifact=${PROMETHEUS}`],
  ])
  return {
    jolokia: `${dir}/jolokia-agent-jvm-2.2.9-javaagent.jar`,
    prometheus: `${dir}/jmx_prometheus_javaagent-1.0.1.jar`,
  }
}

/** A folder appears under its final name only when complete: two processes may resolve at once. */
async function resolveInto(name: string, goals: readonly (readonly string[])[]): Promise<string> {
  const final = `${cacheFolder()}/${name}`
  if (existsSync(final)) return final
  await requireTool('mvn', 'maven')
  mkdirSync(cacheFolder(), { recursive: true })
  const temporary = mkdtempSync(`${cacheFolder()}/.${name}-`)
  try {
    for (const goal of goals) await maven([...goal, `-DoutputDirectory=${temporary}`])
    renameSync(temporary, final)
  } catch (error) {
    if (!existsSync(final)) throw error
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
  return final
}

async function maven(args: readonly string[]): Promise<void> {
  try {
    await run('mvn', ['-q', '-B', '-f', POM, ...args], { timeout: MAVEN_TIMEOUT_MS })
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
    const why = output.split('\n').filter((line) => line.includes('ERROR'))[0] ?? String(error)
    throw new Error(`Maven could not fetch the jars of the lab: ${why}`, { cause: error })
  }
}

async function works(command: string): Promise<boolean> {
  try {
    await run(command, ['-version'], { timeout: 60_000 })
    return true
  } catch {
    return false
  }
}

/** Brokers run on Java 17 or later. */
export async function requireJava(): Promise<void> {
  await requireTool('java', 'openjdk-17-jre-headless')
}

/** Installs a missing tool as root on Debian; otherwise says what to install. */
async function requireTool(command: string, debianPackage: string): Promise<void> {
  if (await works(command)) return
  const install = `apt-get install ${debianPackage}`
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new Error(
      `the lab runs real Kafka brokers and needs ${command}, which is not there; install it first: ${install}`,
    )
  console.error(`lab: ${command} is missing; running ${install}`)
  const args = ['install', '-y', '--no-install-recommends', debianPackage]
  await run('apt-get', ['update'], { timeout: MAVEN_TIMEOUT_MS })
  await run('apt-get', args, { timeout: MAVEN_TIMEOUT_MS })
}
