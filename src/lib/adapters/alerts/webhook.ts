import type { AlertChannel } from '../../ports/alerts.js'
import type { DeliveryLimits } from './delivery.js'
import { postJson } from './post-json.js'

/** Posts each message as it is (`klinic.alert/1`) to a URL. */
export function openWebhook(url: string, limits: DeliveryLimits): AlertChannel {
  return { name: 'webhook', deliver: (message) => postJson(url, message, limits) }
}
