import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { resolveKafka } from './jars.js'
import type { FromKeeper } from './keeper.js'
import { Lab } from './lab.js'
import { type LabState, listLabs, readState, sweepDeadLabs } from './lab-folder.js'
import type { LabOptions } from './options.js'
import { waitGone } from './process-identity.js'
import { tsxOptions } from './tsx-options.js'

const KEEPER = fileURLToPath(new URL('keeper.ts', import.meta.url))
const DOWN_TIMEOUT_MS = 60_000

/** Starts a lab that outlives this process; gives its folder. */
export function startKeptLab(options: LabOptions): Promise<string> {
  const keeper = fork(KEEPER, [], { execArgv: tsxOptions(), detached: true, stdio: 'ignore' })
  return new Promise((resolve, reject) => {
    keeper.once('exit', () => reject(new Error('the keeper of the lab ended early')))
    keeper.once('message', (message: FromKeeper) => {
      keeper.removeAllListeners('exit')
      if (message.type === 'failed') {
        reject(new Error(message.message))
        return
      }
      keeper.disconnect()
      keeper.unref()
      resolve(message.dir)
    })
    keeper.send(options)
  })
}

/** The lab at a base port; the only one there is when no port is given. */
export function findLab(basePort: number | undefined): LabState {
  const labs = listLabs().filter((lab) => lab.layout.basePort === (basePort ?? lab.layout.basePort))
  const [lab] = labs
  if (lab === undefined)
    throw new Error(basePort === undefined ? 'no lab is up' : `no lab at base port ${basePort}`)
  if (labs.length > 1) {
    const ports = labs.map((one) => one.layout.basePort).join(', ')
    throw new Error(`several labs are up; choose one with --base-port (${ports})`)
  }
  return lab
}

/** A lab that another process owns: everything but `down` works from here. */
export async function openLab(dir: string): Promise<Lab> {
  const state = readState(dir)
  if (state === undefined) throw new Error(`there is no lab in ${dir}`)
  const jars = await resolveKafka(state.layout.version)
  return new Lab(state.layout, jars, () =>
    Promise.reject(new Error(`the lab belongs to process ${state.owner.pid}`)),
  )
}

/** Asks the keeper to end its lab, and waits until it has; sweeps what dead owners left. */
export async function endKeptLab(state: LabState): Promise<void> {
  if (!state.kept) throw new Error(`the lab belongs to process ${state.owner.pid} and ends with it`)
  process.kill(state.owner.pid, 'SIGTERM')
  if (!(await waitGone(state.owner, DOWN_TIMEOUT_MS)))
    throw new Error(`the keeper of the lab, process ${state.owner.pid}, does not end`)
  await sweepDeadLabs()
}
