import type { LabOptions } from './options.js'
import { startLab } from './start.js'

/** What a keeper tells the command that started it. */
export type FromKeeper =
  | { readonly type: 'ready'; readonly dir: string }
  | { readonly type: 'failed'; readonly message: string }

/**
 * Owns a lab that was started from a terminal, so that it outlives the command: it starts the lab, says so,
 * and ends it on SIGTERM. If the command dies before the lab is up, so does the keeper, and its watchdog sweeps.
 */
async function keep(options: LabOptions): Promise<void> {
  const giveUp = (): void => process.exit(1)
  process.once('disconnect', giveUp)
  const lab = await startLab(options, true)
  process.off('disconnect', giveUp)
  tell({ type: 'ready', dir: lab.dir })
  const alive = setInterval(() => undefined, 60_000)
  process.once('SIGTERM', () => {
    clearInterval(alive)
    void lab.down().finally(() => process.exit(0))
  })
}

function tell(message: FromKeeper): void {
  process.send?.(message)
}

process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
process.once('message', (options: LabOptions) => {
  keep(options).catch((error: unknown) => {
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
    process.exitCode = 1
    process.disconnect()
  })
})
