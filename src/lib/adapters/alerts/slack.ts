import type { AlertChannel, AlertMessage } from '../../ports/alerts.js'
import { describeAlert } from './describe-alert.js'
import type { DeliveryLimits } from './delivery.js'
import { postJson } from './post-json.js'

/** Posts to an incoming webhook of Slack, or of anything that takes its `{"text": …}` (Mattermost, Rocket.Chat, Discord's /slack). */
export function openSlack(url: string, limits: DeliveryLimits): AlertChannel {
  return {
    name: 'slack',
    deliver: (message) => postJson(url, { text: escapeText(textOf(message)) }, limits),
  }
}

function textOf(message: AlertMessage): string {
  const { title, lines } = describeAlert(message)
  return [`*${title}*`, ...lines].join('\n')
}

/** The three characters that Slack's own markup claims. */
const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
