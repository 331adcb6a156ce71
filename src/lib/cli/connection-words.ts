/** Flags that name a cluster, as the next command has to repeat them. */
export interface ConnectionWords {
  readonly config?: string | undefined
  readonly cluster?: string | undefined
  readonly 'bootstrap-server'?: string | undefined
  readonly 'command-config'?: string | undefined
  readonly 'allow-plaintext-sasl'?: boolean | undefined
}

/** An argument as a shell takes it. */
export const quote = (word: string): string =>
  /^[\w./:,=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`

/** The connection flags as they have to stand in the next command. */
export function connectionWords(flags: ConnectionWords): string {
  const names = ['config', 'cluster', 'bootstrap-server', 'command-config'] as const
  const words = names.flatMap((name) =>
    flags[name] === undefined ? [] : [` --${name} ${quote(flags[name])}`],
  )
  return [
    ...words,
    ...(flags['allow-plaintext-sasl'] === true ? [' --allow-plaintext-sasl'] : []),
  ].join('')
}
