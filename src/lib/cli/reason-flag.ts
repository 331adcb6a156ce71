import { custom } from '@oclif/core/flags'

import { sanitiseLine } from '../units/terminal-text.js'

const LONGEST = 200

/** One line of text that may stand in a journal, a log and on a terminal; throws what is wrong with it. */
export function parseReason(input: string): string {
  const text = input.trim()
  if (text === '') throw new Error('expected a reason in words, got nothing')
  if (sanitiseLine(text) !== text) {
    throw new Error('expected one line without control characters')
  }
  const { length } = text
  if (length > LONGEST) {
    throw new Error(`expected ${LONGEST} characters at most, got ${length}`)
  }
  return text
}

const reason = custom({ parse: (input) => Promise.resolve(parseReason(input)) })

/** Flag of commands whose journal tells others why they were run. */
export const reasonFlag = {
  reason: reason({
    summary: 'why, for whoever reads the journal and the log of actions',
    helpValue: 'TEXT',
  }),
}
