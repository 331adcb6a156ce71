import { z } from 'zod'

import * as value from '../values.js'

/** What is known of a key beside its type: where its flag overrides it, and an example for the template. */
export interface KeyMeta {
  readonly description: string
  readonly example?: unknown
  /** The flag that overrides it; `KLINIC_<FLAG>` does so too. */
  readonly flag?: string
  readonly secret?: true
}

/** Attaches to a key what docs, template and flags say of it. */
export const key = <T extends z.ZodType>(schema: T, meta: KeyMeta): T => schema.meta({ ...meta })

/** A secret by reference: exactly one of a file (mode 0600, yours), an environment variable, a command. Never literal. */
export const secretReference = z.union(
  [
    z.strictObject({ file: value.text() }),
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
    z.strictObject({ command: z.array(z.string().min(1)).min(1) }),
    z.literal('prompt'),
  ],
  'expected {file: PATH}, {env: NAME}, {command: [PROGRAM, ARGUMENT]} or prompt; never the secret itself',
)

/** A key whose value is a {@link secretReference}; `name` is the variable of the example. */
export const secret = (description: string, name: string): z.ZodOptional<typeof secretReference> =>
  key(secretReference.optional(), { description, example: { env: name }, secret: true })
