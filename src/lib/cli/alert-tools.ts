import type { AlertTools } from './compose-alerts.js'
import type { Host } from './host.js'
import type { Ui } from './ui.js'

/** What alerts need of a command's process. */
export function alertTools(host: Host, ui: Pick<Ui, 'warn'>): AlertTools {
  return {
    say: (text) => host.streams.writeNote(text),
    warn: (text) => ui.warn(text),
    redact: (text) => host.redactor.redact(text),
  }
}
