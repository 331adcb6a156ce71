/** Flags that name a cluster, as the next command has to repeat them. */
export interface ConnectionWords {
  readonly cluster?: string | undefined
  readonly 'bootstrap-server'?: string | undefined
}

/** The connection flags as they have to stand in the next command. */
export function connectionWords(flags: ConnectionWords): string {
  if (flags.cluster !== undefined) return ` --cluster ${flags.cluster}`
  const server = flags['bootstrap-server']
  return server === undefined ? '' : ` --bootstrap-server ${server}`
}
