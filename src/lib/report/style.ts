/** How text for people is emphasised. Meaning never hangs on it: the plain style returns every text unchanged. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly cyan: (text: string) => string
  /** Columns to wrap and fit tables to. */
  readonly width: number
}

const unchanged = (text: string): string => text

/** No colour: pipes, files, NO_COLOR, dumb terminals and tests. */
export const plainStyle: Style = {
  bold: unchanged,
  dim: unchanged,
  red: unchanged,
  green: unchanged,
  yellow: unchanged,
  cyan: unchanged,
  width: 100,
}
