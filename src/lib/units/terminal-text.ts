/* eslint-disable no-control-regex -- the control characters are what this module is about */
const SGR = /\u001b\[[0-9;]*m/g
const ESCAPE_SEQUENCE =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~])/g
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const LINE_BREAKS = /[\t\n\u2028\u2029]+/g
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * Text from elsewhere (client ids, hosts, log dirs, error messages) made fit for one line of a terminal or log: escape
 * sequences, C0 and C1 controls and bidi marks go, line breaks and tabs become a space.
 */
export function sanitiseLine(text: string): string {
  return sanitiseText(text).replace(LINE_BREAKS, ' ')
}

/** Like {@link sanitiseLine}, but line feeds and tabs stay. */
export function sanitiseText(text: string): string {
  return text.replace(ESCAPE_SEQUENCE, '').replace(CONTROL, '').replace(BIDI, '')
}

/** For text that we coloured ourselves: SGR sequences (`ESC [ … m`) stay, everything else goes. */
export function sanitiseColouredText(text: string): string {
  const colours = text.match(SGR) ?? []
  return text
    .split(SGR)
    .map((part, index) => sanitiseText(part) + (colours[index] ?? ''))
    .join('')
}

/** `JSON.stringify` leaves DEL, C1 controls and bidi marks as they are; this escapes them. Input must be JSON. */
export function escapeUnsafeJson(json: string): string {
  return json.replace(
    UNSAFE_IN_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
