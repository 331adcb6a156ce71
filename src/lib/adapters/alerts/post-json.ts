import { deliverWithRetries, RefusedDelivery, type DeliveryLimits } from './delivery.js'

const REQUEST_TIMEOUT = 408
const TOO_MANY_REQUESTS = 429
const SERVER_ERROR = 500

/**
 * Posts a document. 2xx is a delivery; 408, 429, 5xx and everything that is wrong with the way there is tried again; other
 * answers, redirects among them, are refusals. No message says the URL: it is a secret.
 */
export async function postJson(
  url: string,
  document: unknown,
  limits: DeliveryLimits,
): Promise<void> {
  const body = JSON.stringify(document)
  await deliverWithRetries(limits, async (signal) => {
    const response = await send(url, body, { signal, timeoutMs: limits.timeoutMs })
    await response.body?.cancel().catch(() => undefined)
    if (response.ok) return
    const { status } = response
    const mayPass =
      status === REQUEST_TIMEOUT || status === TOO_MANY_REQUESTS || status >= SERVER_ERROR
    if (mayPass) throw new Error(`it answered ${status}`)
    throw new RefusedDelivery(`it answered ${status}`)
  })
}

async function send(
  url: string,
  body: string,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Response> {
  try {
    const headers = { 'content-type': 'application/json', 'user-agent': 'klinic' }
    return await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
  } catch (error) {
    if (signal.aborted) throw new Error(`no answer within ${timeoutMs} ms`, { cause: error })
    throw new Error(`it cannot be reached (${codeOf(error)})`, { cause: error })
  }
}

/** The code of the system's error, which names neither host nor path. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'fetch failed'
}
