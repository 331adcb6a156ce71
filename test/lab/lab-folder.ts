import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { killChildren } from './children.js'
import { removeNetwork } from './network/network.js'
import type { LabLayout } from './options.js'
import { removeAccount } from './ssh/account.js'
import { ownIdentity, type ProcessIdentity, processState } from './process-identity.js'

const PREFIX = 'klinic-lab-'
/** A folder without lab.json is one whose owner died, or is about to write it. */
const UNNAMED_FOLDER_AGE_MS = 60_000

/** What lab.json says: who keeps the lab alive, and what it is made of. */
export interface LabState {
  readonly owner: ProcessIdentity
  /** The owner is a keeper: it exists for this lab only and may be ended with it. */
  readonly kept: boolean
  readonly ready: boolean
  readonly layout: LabLayout
}

/** A new folder that holds everything of one lab. */
export function createLabFolder(): string {
  return mkdtempSync(`${tmpdir()}/${PREFIX}`)
}

/** Writes lab.json as a whole or not at all. */
export function writeState(layout: LabLayout, status: Pick<LabState, 'kept' | 'ready'>): void {
  const state: LabState = { owner: ownIdentity(), ...status, layout }
  const file = `${layout.dir}/lab.json`
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2))
  renameSync(`${file}.new`, file)
}

/** The lab in a folder, if it is one. */
export function readState(dir: string): LabState | undefined {
  try {
    return JSON.parse(readFileSync(`${dir}/lab.json`, 'utf8')) as LabState
  } catch {
    return undefined
  }
}

function labFolders(): string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => `${tmpdir()}/${name}`)
}

/** All labs of this machine whose owner lives. */
export function listLabs(): LabState[] {
  return labFolders()
    .map((dir) => readState(dir))
    .filter((state) => state !== undefined)
    .filter((state) => processState(state.owner) !== 'gone')
    .sort((a, b) => a.layout.basePort - b.layout.basePort)
}

/** Ends the processes of a lab, then removes its network, then its folder, by which all the rest is found. */
export async function destroyLab(dir: string): Promise<void> {
  await killChildren(dir)
  await removeNetwork(dir)
  await removeAccount(dir)
  rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

/** Ends what is left of labs whose owner is dead; gives their folders. */
export async function sweepDeadLabs(): Promise<string[]> {
  const dead = labFolders().filter(isAbandoned)
  for (const dir of dead) await destroyLab(dir)
  return dead
}

function isAbandoned(dir: string): boolean {
  try {
    const stat = statSync(dir)
    if (stat.uid !== process.getuid?.()) return false
    const state = readState(dir)
    if (state === undefined) return Date.now() - stat.mtimeMs > UNNAMED_FOLDER_AGE_MS
    return processState(state.owner) === 'gone'
  } catch {
    return false
  }
}
