import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

import type { AlertChannel } from '../../ports/alerts.js'

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants

/** Appends each message as a line of JSON to a file (mode 0600) and waits until it is on the disk. */
export function openAlertJournal(path: string): AlertChannel {
  return {
    name: 'journal',
    deliver: async (message) => {
      const file = await open(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600)
      try {
        await file.appendFile(`${JSON.stringify(message)}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
    },
  }
}
