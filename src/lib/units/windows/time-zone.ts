import { suggest } from '../suggest.js'

/** Whether the runtime knows a time zone of this name: `Europe/Berlin`, `UTC`. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** What is wrong with the name of a time zone, with the nearest one that there is; null when nothing is. */
export function timeZoneProblem(name: string): string | null {
  if (isTimeZone(name)) return null
  const nearest = suggest(name, [...Intl.supportedValuesOf('timeZone'), 'UTC'])
  const hint =
    nearest === null ? 'expected a name such as Europe/Berlin' : `did you mean ${nearest}?`
  return `there is no time zone ${JSON.stringify(name)}, ${hint}`
}
