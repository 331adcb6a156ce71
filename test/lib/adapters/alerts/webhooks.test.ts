import { afterEach, describe, expect, it } from 'vitest'

import { openSlack } from '../../../../src/lib/adapters/alerts/slack.js'
import { openWebhook } from '../../../../src/lib/adapters/alerts/webhook.js'
import { alertSchema } from '../../../../src/lib/model/alert-schema.js'
import { hasty, limits, message } from './alert-message.js'
import { silence, startWebServer, status, type Answer } from './web-server.js'

let server: Awaited<ReturnType<typeof startWebServer>> | null = null
const serve = async (...answers: readonly Answer[]): Promise<string> => {
  const started = await startWebServer(answers)
  server = started
  return started.url
}
afterEach(async () => {
  await server?.close()
  server = null
})

describe('a webhook', () => {
  it('is posted a document that its published schema holds for', () => {
    expect(alertSchema.parse(message)).toEqual(message)
  })

  it('is posted the alert document as it is', async () => {
    await openWebhook(await serve(status(204)), limits).deliver(message)
    expect(server?.posted).toEqual([
      { method: 'POST', path: '/hooks/T0P-5ECRET', type: 'application/json', body: message },
    ])
  })

  it.each([500, 503, 429, 408])(
    'that answers %i is asked again, and 200 is a delivery',
    async (code) => {
      await openWebhook(await serve(status(code), status(200)), limits).deliver(message)
      expect(server?.posted).toHaveLength(2)
    },
  )

  it.each([400, 401, 404, 410])('that answers %i is not asked again', async (code) => {
    const delivery = openWebhook(await serve(status(code)), limits).deliver(message)
    await expect(delivery).rejects.toThrow(`it answered ${code}`)
    expect(server?.posted).toHaveLength(1)
  })

  it('is not followed anywhere else', async () => {
    const elsewhere = status(307, { location: 'http://127.0.0.1:1/' })
    const delivery = openWebhook(await serve(elsewhere), limits).deliver(message)
    await expect(delivery).rejects.toThrow('it answered 307')
    expect(server?.posted).toHaveLength(1)
  })

  it('that never answers is given up after its deadline and its retries, without its address', async () => {
    const started = performance.now()
    const delivery = openWebhook(await serve(silence), hasty).deliver(message)
    await expect(delivery).rejects.toThrow(/^no answer within 500 ms$/)
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(server?.posted).toHaveLength(2)
  })

  it('that is not there is named by the reason, never by its address, which is a secret', async () => {
    const url = await serve(status(200))
    await server?.close()
    server = null
    const delivery = openWebhook(url, limits).deliver(message)
    await expect(delivery).rejects.toThrow(/^it cannot be reached \(ECONNREFUSED\)$/)
  })
})

describe('a webhook of Slack', () => {
  it('is posted a text in its markup, with its three characters escaped', async () => {
    await openSlack(await serve(status(200)), limits).deliver(message)
    const { text } = server!.posted[0]!.body as { readonly text: string }
    expect(text.split('\n')).toEqual([
      '*ALERT prod: BROKER_DEAD broker 3*',
      'broker 3 is dead since 02:00 &amp; holds 12 replicas &lt;of orders&gt;',
      'critical, since 2026-11-21T02:00:00.000Z',
      'Try: klinic cluster check --cluster prod',
      '     klinic heal plan --cluster prod',
      'klinic on ops-1',
    ])
  })

  it('is told of the end, without anything to do', async () => {
    const over = { ...message, event: 'resolved' } as const
    await openSlack(await serve(status(200)), limits).deliver(over)
    const { text } = server!.posted[0]!.body as { readonly text: string }
    expect(text).toContain('RESOLVED prod')
    expect(text).not.toContain('Try:')
  })
})
