import * as z from 'zod'

const time = z.iso.datetime()

/** The alert document of webhooks and of commands, `klinic.alert/1`, as it is published. */
export const alertSchema = z.strictObject({
  format: z.literal('klinic.alert/1'),
  event: z.enum(['raised', 'repeated', 'resolved']),
  cluster: z.strictObject({ id: z.string(), name: z.exactOptional(z.string()) }),
  kind: z.string().meta({ description: 'stable, upper case with underscores' }),
  subject: z.string().meta({ description: 'broker 3, orders-7, cluster' }),
  severity: z.enum(['critical', 'warning', 'info']),
  message: z.string(),
  nextSteps: z.array(z.string()),
  since: time.meta({ description: 'when the cause was first noticed, UTC' }),
  at: time.meta({ description: 'when this message was made, UTC' }),
  key: z.string().meta({ description: 'equal for all messages on one cause' }),
  host: z.string().meta({ description: 'host of the run that noticed' }),
})
