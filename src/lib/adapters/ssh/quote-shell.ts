/** Quotes one argument for a POSIX shell; the result is exactly that argument whatever it contains (NUL excepted). */
export function quoteShell(argument: string): string {
  if (argument.includes('\0')) throw new TypeError('an argument cannot contain a NUL byte')
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(argument)
    ? argument
    : `'${argument.replaceAll("'", `'\\''`)}'`
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Puts variables in front of a shell line, as sshd seldom accepts an environment (`AcceptEnv`). */
export function withEnvironment(
  command: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const names = Object.keys(env).toSorted()
  for (const name of names) {
    if (!NAME.test(name)) throw new TypeError(`not a variable name: ${name}`)
  }
  if (names.length === 0) return command
  const pairs = names.map((name) => `${name}=${quoteShell(env[name] ?? '')}`)
  return `env ${pairs.join(' ')} sh -c ${quoteShell(command)}`
}
