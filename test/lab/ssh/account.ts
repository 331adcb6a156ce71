import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A login of the lab's own, without root's rights: what it may do through sudo stands in one file. */
export interface LabAccount {
  readonly user: string
  readonly home: string
  readonly sudoersFile: string
}

/** useradd and userdel give up at once while another one holds their lock. */
const ATTEMPTS = 40
const ID_PROGRAM = 'id'

/** The account of a lab: one for each base port, so that labs side by side do not meet. */
export function labAccount(labDir: string, basePort: number): LabAccount {
  const user = `klinic${basePort}`
  return { user, home: `${labDir}/hosts/home`, sudoersFile: `/etc/sudoers.d/${user}` }
}

async function change(command: string, args: readonly string[]): Promise<void> {
  let why = ''
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
    if (status === 0) return
    why = stderr
    if (!why.includes('try again later')) break
    await sleep(100)
  }
  throw new Error(`${command} ${args.join(' ')} failed: ${why}`)
}

const exists = (user: string): boolean => spawnSync(ID_PROGRAM, ['-u', user]).status === 0

/** Creates the account; `sudoersLines` is all that it may do beyond its own. Replaces what an earlier lab left. */
export async function createAccount(
  { user, home, sudoersFile }: LabAccount,
  sudoersLines: readonly string[],
): Promise<void> {
  mkdirSync(home, { recursive: true, mode: 0o755 })
  // `*` is a password that nothing matches; sshd takes `!` for a locked account and refuses its keys.
  if (exists(user)) await change('usermod', ['-d', home, user])
  else await change('useradd', ['-M', '-d', home, '-s', '/bin/sh', '-p', '*', user])
  writeFileSync(`${home}/../account`, user)
  writeFileSync(sudoersFile, `${sudoersLines.join('\n')}\n`, { mode: 0o440 })
}

/** Removes the account of a lab and what it was allowed; a lab without one is left alone. */
export async function removeAccount(labDir: string): Promise<void> {
  const record = `${labDir}/hosts/account`
  if (!existsSync(record)) return
  const user = readFileSync(record, 'utf8')
  rmSync(`/etc/sudoers.d/${user}`, { force: true })
  if (exists(user)) await change('userdel', ['-f', user])
}
