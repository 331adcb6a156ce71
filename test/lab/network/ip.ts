import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Not every user's PATH has the system's programs in it. */
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`
const TIMEOUT_MS = 20_000

async function runProgram(program: string, args: readonly string[]): Promise<string> {
  try {
    const env = { ...process.env, PATH }
    return (await run(program, args, { env, timeout: TIMEOUT_MS })).stdout
  } catch (error) {
    const why = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    throw new Error(`${program} ${args.join(' ')}: ${why || String(error)}`, { cause: error })
  }
}

/** Runs `ip` with words that are separated by blanks. */
export const ip = (words: string): Promise<string> => runProgram('ip', words.split(' '))

/** Runs `tc` with words that are separated by blanks. */
export const tc = (words: string): Promise<string> => runProgram('tc', words.split(' '))

/** Throws, naming what is missing, where a lab cannot have a network of its own. */
export async function requireNetworking(): Promise<void> {
  const help = 'a lab with a network of its own needs'
  if (process.getuid?.() !== 0) throw new Error(`${help} root: it makes network namespaces`)
  for (const command of [() => ip('-V'), () => tc('-V')]) {
    await command().catch((error: unknown) => {
      throw new Error(`${help} ip and tc (Debian's package iproute2)`, { cause: error })
    })
  }
}
