import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { resolveAgents } from './jars.js'
import type { BrokerLayout, LabLayout } from './options.js'

const run = promisify(execFile)

/** Fast start and little CPU matter more than throughput: no second compiler, no parallel collector. */
const FRUGAL = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-XX:-UsePerfData',
  '-Xshare:auto',
  '-Xss512k',
  '-Djava.awt.headless=true',
]

interface JavaCommand {
  readonly jars: string
  readonly heapMb: number
  readonly main: string
  readonly args: readonly string[]
  readonly options?: readonly string[]
  /** Log errors only: for tools whose output is read. */
  readonly quiet?: boolean
}

/** argv of one JVM of the lab. */
export function javaCommand(lab: LabLayout, command: JavaCommand): string[] {
  const logging = command.quiet ? 'quiet-' : ''
  return [
    'java',
    `-Xmx${command.heapMb}m`,
    ...FRUGAL,
    `-Dlog4j.configuration=file:${lab.dir}/${logging}log4j.properties`,
    `-Dlog4j2.configurationFile=file:${lab.dir}/${logging}log4j2.properties`,
    ...(command.options ?? []),
    '-cp',
    `${command.jars}/*`,
    command.main,
    ...command.args,
  ]
}

/** -javaagent options for a broker that shall offer Jolokia or the Prometheus exporter. */
export async function agentOptions(lab: LabLayout, broker: BrokerLayout): Promise<string[]> {
  if (broker.jolokiaPort === null && broker.prometheusPort === null) return []
  const agents = await resolveAgents()
  const options: string[] = []
  if (broker.jolokiaPort !== null)
    options.push(`-javaagent:${agents.jolokia}=port=${broker.jolokiaPort},host=${broker.host}`)
  if (broker.prometheusPort !== null) {
    const config = `${lab.dir}/prometheus.yaml`
    writeFileSync(config, 'rules:\n  - pattern: ".*"\n')
    options.push(
      `-javaagent:${agents.prometheus}=${broker.host}:${broker.prometheusPort}:${config}`,
    )
  }
  return options
}

/** Runs a Java main class of Kafka's jars to its end; gives its standard output. */
export async function runJava(
  lab: LabLayout,
  jars: string,
  main: string,
  args: readonly string[],
): Promise<string> {
  const [command, ...rest] = javaCommand(lab, {
    jars,
    heapMb: 256,
    main,
    args,
    quiet: true,
  })
  const { stdout } = await run(command ?? 'java', rest, {
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
}
