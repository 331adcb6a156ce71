/** Flags that name a cluster, as the next command has to repeat them. */
export interface ConnectionWords {
  readonly cluster?: string | undefined
  readonly 'bootstrap-server'?: string | undefined
  readonly 'command-config'?: string | undefined
}

/** An argument as a shell takes it. */
export const quote = (word: string): string =>
  /^[\w./:,=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`

/** The connection flags as they have to stand in the next command. */
export function connectionWords(flags: ConnectionWords): string {
  const names = ['cluster', 'bootstrap-server', 'command-config'] as const
  return names
    .flatMap((name) => (flags[name] === undefined ? [] : [` --${name} ${quote(flags[name])}`]))
    .join('')
}
