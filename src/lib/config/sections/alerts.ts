import { z } from 'zod'

import * as value from '../values.js'
import { key, secretReference } from './key.js'

const port = z.int().min(1).max(65_535)

const url = z.strictObject({ url: secretReference })

const mail = z
  .strictObject({
    host: value.text(),
    port: port.optional(),
    tls: z.enum(['starttls', 'implicit', 'none']).prefault('starttls'),
    ca: value.text().optional(),
    username: value.text().optional(),
    password: secretReference.optional(),
    from: value.text(),
    to: value.list(value.text()),
  })
  .refine(({ username, password }) => (username === undefined) === (password === undefined), {
    error: 'expected username and password, or neither',
  })
  .refine(({ username, tls }) => username === undefined || tls !== 'none', {
    error: 'a login without TLS would show the password to anyone on the way',
  })
  .refine(({ to }) => to.length > 0, { error: 'expected at least one address in to' })

/** Where alerts go beside stderr and the local journal, which have them always. */
export const alerts = z
  .strictObject({
    cooldown: key(value.duration().prefault('20m'), {
      description: 'an alert that goes on is repeated no sooner than this',
    }),
    timeout: key(value.duration().prefault('10s'), {
      description: 'longest wait for one attempt to deliver an alert',
    }),
    retries: key(z.int().min(0).max(10).prefault(2), {
      description: 'attempts after the first one; what fails stays due on the next run',
    }),
    webhook: key(url.optional(), {
      description: 'POST of each alert as JSON; the url is a secret, by reference',
      example: { url: { file: 'webhook.url' } },
    }),
    slack: key(url.optional(), {
      description: 'incoming webhook of Slack, or of what takes the same; the url is a secret',
      example: { url: { env: 'SLACK_WEBHOOK' } },
    }),
    mail: key(mail.optional(), {
      description: 'mail by SMTP: tls starttls (default, port 587), implicit (465) or none (25)',
      example: {
        host: 'smtp.example.com',
        username: 'klinic',
        password: { env: 'SMTP_PASSWORD' },
        from: 'klinic@example.com',
        to: ['ops@example.com'],
      },
    }),
    command: key(z.array(z.string().min(1)).min(1).optional(), {
      description:
        'program and arguments (no shell); the alert as JSON on stdin and in KLINIC_ALERT_*',
      example: ['/usr/local/bin/page', '--team', 'kafka'],
    }),
  })
  .prefault({})
