import { hostname, userInfo } from 'node:os'

import { openJournalStore } from '../adapters/journal/open-journal-store.js'
import { stateDirectory } from '../adapters/journal/state-directory.js'
import type { Actor } from '../plan/actor.js'
import type { JournalStore } from '../ports/journal.js'

/** The journals and locks of this user on this host. */
export function openLocalJournals(): JournalStore {
  return openJournalStore(stateDirectory(process.env))
}

/** Who runs this process. */
export function currentActor(): Actor {
  return { user: userName(), host: hostname(), pid: process.pid }
}

/** A container may run under an id that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 0}`
  }
}
