import type { z } from 'zod'

import { actionSchema } from '../src/lib/adapters/journal/actions/action-schema.js'
import { alertSchema } from '../src/lib/model/alert-schema.js'
import { snapshotSchema } from '../src/lib/model/snapshot-schema.js'
import { planSchema } from '../src/lib/plan/plan-schema.js'

/** Documents whose schema is published under docs/schemas/, by the name of the file. */
export const documentSchemas: Readonly<Record<string, z.ZodType>> = {
  snapshot: snapshotSchema,
  plan: planSchema,
  action: actionSchema,
  alert: alertSchema,
}
