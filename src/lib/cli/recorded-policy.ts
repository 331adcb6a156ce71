import * as z from 'zod'

import type { Plan } from '../plan/plan.js'
import { DEFAULT_BALANCE_POLICY, type BalancePolicy } from '../planners/balance/balance-policy.js'

const share = z.number().min(0)
const optional = z.exactOptional

const recordSchema = z.object({
  resources: optional(z.array(z.enum(['in', 'out', 'disk', 'leaders', 'replicas']))),
  band: optional(z.union([share, z.literal('off')])),
  limit: optional(share),
  inLimit: optional(share),
  outLimit: optional(share),
  diskLimit: optional(share),
  rackPolicy: optional(z.enum(['spread', 'strict', 'even'])),
  excludeTopics: optional(z.string()),
  excludeBrokers: optional(z.array(z.number())),
  onlyTo: optional(z.array(z.number())),
  maxBytes: optional(share),
  maxMoves: optional(share),
  allowPartial: optional(z.boolean()),
  fixRacks: optional(z.boolean()),
})

/** The policy that a balance plan was made with, from its record; null for other plans and records of other shape. */
export function recordedPolicy(plan: Plan): BalancePolicy | null {
  if (plan.kind !== 'balance') return null
  const record = recordSchema.safeParse(plan.policy)
  if (!record.success) return null
  const { excludeTopics, ...rest } = record.data
  return {
    ...DEFAULT_BALANCE_POLICY,
    ...rest,
    ...(excludeTopics === undefined ? {} : { excludeTopics: new RegExp(excludeTopics, 'u') }),
  }
}
