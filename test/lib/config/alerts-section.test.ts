import { describe, expect, it } from 'vitest'

import { checkConfigText } from '../../../src/lib/config/read-file.js'

const check =
  (alerts: string): (() => unknown) =>
  () =>
    checkConfigText(`defaults:\n  alerts: ${alerts}\n`, 'klinic.yaml')
const mail = (more: string): string => `{ mail: { host: m, from: a@b, to: [c@d]${more} } }`

describe('the alerts section of klinic.yaml', () => {
  it('never holds the address of a webhook itself, which is a secret', () => {
    expect(check('{ webhook: { url: { env: HOOK } } }')).not.toThrow()
    expect(check('{ webhook: { url: "https://hooks.example.com/x" } }')).toThrow(
      'never the secret itself',
    )
  })

  it('wants a login whole, and never in the clear', () => {
    expect(check(mail(', username: k, password: { env: P }'))).not.toThrow()
    expect(check(mail(', username: k'))).toThrow('username and password, or neither')
    expect(check(mail(', username: k, password: { env: P }, tls: none'))).toThrow('without TLS')
  })

  it('takes a command by its words only', () => {
    expect(check('{ command: [page, --now] }')).not.toThrow()
    expect(check('{ command: page --now }')).toThrow('alerts.command')
  })
})
