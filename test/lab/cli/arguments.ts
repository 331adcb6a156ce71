import { parseArgs } from 'node:util'
import type { LabOptions } from '../options.js'
import { LOAD_FLAGS, type LoadArguments, parseLoadArguments } from './load-arguments.js'

export const USAGE = `usage: npm run lab -- COMMAND [flags]
  up      --mode kraft|zookeeper  --brokers N  --racks N  --base-port P  --log-dirs 1|2  --secured
          --jolokia  --prometheus  --version V  --chroot /PATH  --heap-mb N  --config KEY=VALUE (repeatable)
  down    --base-port P
  status  --base-port P
  stop|kill|pause|resume|start BROKER  --base-port P
  load    --topic T  --rates 700k,200k,...  --assignment 1:2,1:3,...  --record-bytes 200,2000  --compression gzip
          --groups N  --commit-every SEC  --duration SEC  --spec FILE  --base-port P`

const BROKER_COMMANDS = ['stop', 'kill', 'pause', 'resume', 'start'] as const
type BrokerCommand = (typeof BROKER_COMMANDS)[number]

/** A command line that makes sense. */
export type LabArguments =
  | { readonly command: 'up'; readonly options: LabOptions }
  | { readonly command: 'down' | 'status'; readonly basePort: number | undefined }
  | {
      readonly command: BrokerCommand
      readonly brokerId: number
      readonly basePort: number | undefined
    }
  | {
      readonly command: 'load'
      readonly load: LoadArguments
      readonly basePort: number | undefined
    }

const FLAGS = {
  mode: { type: 'string' },
  brokers: { type: 'string' },
  racks: { type: 'string' },
  'base-port': { type: 'string' },
  'log-dirs': { type: 'string' },
  secured: { type: 'boolean' },
  jolokia: { type: 'boolean' },
  prometheus: { type: 'boolean' },
  version: { type: 'string' },
  chroot: { type: 'string' },
  'heap-mb': { type: 'string' },
  config: { type: 'string', multiple: true },
} as const

type Values = ReturnType<typeof readFlags>['values']

function readFlags(argv: string[]) {
  return parseArgs({ args: argv, options: { ...FLAGS, ...LOAD_FLAGS }, allowPositionals: true })
}

/** Undefined when the command is not one of ours; throws when a flag is not. */
export function parseLabArguments(argv: string[]): LabArguments | undefined {
  const { values, positionals } = readFlags(argv)
  const [command, broker] = positionals
  const basePort = wholeNumber(values['base-port'], '--base-port')
  if (command === 'up') return { command, options: labOptions(values) }
  if (command === 'down' || command === 'status') return { command, basePort }
  if (command === 'load') return { command, load: parseLoadArguments(values), basePort }
  const brokerCommand = BROKER_COMMANDS.find((candidate) => candidate === command)
  const brokerId = wholeNumber(broker, 'BROKER')
  if (brokerCommand === undefined || brokerId === undefined) return undefined
  return { command: brokerCommand, brokerId, basePort }
}

function labOptions(values: Values): LabOptions {
  const mode = values.mode ?? 'kraft'
  if (mode !== 'kraft' && mode !== 'zookeeper') throw new Error(`--mode kraft or zookeeper`)
  const numbers = {
    brokers: wholeNumber(values.brokers, '--brokers'),
    racks: wholeNumber(values.racks, '--racks'),
    basePort: wholeNumber(values['base-port'], '--base-port'),
    heapMb: wholeNumber(values['heap-mb'], '--heap-mb'),
    version: values.version,
    chroot: values.chroot,
    secured: values.secured,
    jolokia: values.jolokia,
    prometheus: values.prometheus,
  }
  const given = Object.entries(numbers).filter(([, value]) => value !== undefined)
  return {
    mode,
    logDirs: values['log-dirs'] === '2' ? 2 : 1,
    brokerConfig: Object.fromEntries((values.config ?? []).map(splitPair)),
    ...(Object.fromEntries(given) as Partial<LabOptions>),
  }
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=')
  if (at < 1) throw new Error(`--config takes KEY=VALUE, not ${pair}`)
  return [pair.slice(0, at), pair.slice(at + 1)]
}

function wholeNumber(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text)) throw new Error(`${name} takes a whole number, not ${text}`)
  return Number(text)
}
