import { z } from 'zod'

import type { JsonValue } from '../../../../plan/plan.js'
import type { AutoThrottle } from './auto-throttle.js'

const limits = z.object({ in: z.number().exactOptional(), out: z.number().exactOptional() })
const schema = z.object({
  min: z.number(),
  max: z.number(),
  limits: z.object({ all: limits, brokers: z.record(z.string(), limits) }),
})

/** The automatic throttle that an execution was begun with; undefined for none. */
export function recordedAuto(value: JsonValue | undefined): AutoThrottle | undefined {
  return schema.safeParse(value).data
}

/** The same as it goes into the journal. */
export function autoRecord({ min, max, limits: { all, brokers } }: AutoThrottle): JsonValue {
  const copies = Object.entries(brokers).map(([id, own]) => [id, { ...own }] as const)
  return { min, max, limits: { all: { ...all }, brokers: Object.fromEntries(copies) } }
}
