import { readFileSync } from 'node:fs'
import type { LoadSpec } from '../load/spec.js'
import type { Assignment } from '../topics.js'

export const LOAD_FLAGS = {
  spec: { type: 'string' },
  topic: { type: 'string' },
  rates: { type: 'string' },
  assignment: { type: 'string' },
  'record-bytes': { type: 'string' },
  compression: { type: 'string' },
  groups: { type: 'string' },
  'commit-every': { type: 'string' },
  duration: { type: 'string' },
} as const

/** What `lab load` shall do. */
export interface LoadArguments {
  readonly spec: LoadSpec
  /** Replica lists for topics that do not exist; round robin over the brokers unless given. */
  readonly assignment: Assignment | undefined
  /** Until interrupted unless given. */
  readonly durationSec: number | undefined
}

type LoadValues = Readonly<Partial<Record<keyof typeof LOAD_FLAGS, string>>>

/** A load from flags, or from a JSON file that holds a LoadSpec. */
export function parseLoadArguments(values: LoadValues): LoadArguments {
  const { duration, assignment, spec } = values
  return {
    spec: spec === undefined ? specFromFlags(values) : readSpec(spec),
    assignment: assignment?.split(',').map((list) => list.split(':').map(Number)),
    durationSec: duration === undefined ? undefined : Number(duration),
  }
}

function readSpec(file: string): LoadSpec {
  return JSON.parse(readFileSync(file, 'utf8')) as LoadSpec
}

function specFromFlags(values: LoadValues): LoadSpec {
  const topic = values.topic ?? 'load'
  const commitEverySec = Number(values['commit-every'] ?? 5)
  return {
    produce: [
      {
        topic,
        bytesInPerSec: (values.rates ?? '700k,200k,70k,30k').split(',').map(parseRate),
        recordBytes: (values['record-bytes'] ?? '1000').split(',').map(Number),
        compression: values.compression === 'gzip' ? 'gzip' : 'none',
      },
    ],
    consume: Array.from({ length: Number(values.groups ?? 1) }, (_, index) => ({
      name: `${topic}-group-${index + 1}`,
      topic,
      commitEverySec,
    })),
  }
}

/** 700k is 700,000 bytes per second. */
export function parseRate(text: string): number {
  const found = /^(\d+(?:\.\d+)?)([kKmM]?)$/.exec(text)
  if (found === null) throw new Error(`a rate is a number such as 700k or 1.5M, not ${text}`)
  const factor = { '': 1, k: 1_000, m: 1_000_000 }[found[2]?.toLowerCase() ?? ''] ?? 1
  return Number(found[1]) * factor
}
