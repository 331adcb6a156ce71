import { type ChildProcess, fork } from 'node:child_process'

import { fileURLToPath } from 'node:url'
import { recordChild } from '../children.js'
import { tsxOptions } from '../tsx-options.js'
import type { FromLoad, LoadTask, ToLoad } from './messages.js'
import type { LoadReport, LoadSpec, Window } from './spec.js'

const SCRIPT = fileURLToPath(new URL('load-process.ts', import.meta.url))
const READY_TIMEOUT_MS = 90_000
const REPORT_TIMEOUT_MS = 30_000

/** A running load. It ends with `stop()`, with the lab, or with this process. */
export interface Load {
  readonly pid: number
  /** What was really sent and read in the window (wall clock), or so far. */
  report(window?: Window): Promise<LoadReport>
  /** Stops producers and consumers; gives the truth of the whole run. */
  stop(): Promise<LoadReport>
}

/** Starts producers and consumers in a process of their own; returns when all of them are at work. */
export async function startLoad(lab: { readonly dir: string }, spec: LoadSpec): Promise<Load> {
  const child = fork(SCRIPT, [], { execArgv: tsxOptions(), detached: true })
  const pid = child.pid
  if (pid === undefined) throw new Error('the load process did not start')
  recordChild(lab.dir, `load-${pid}`, pid)
  const task: LoadTask = { labDir: lab.dir, spec }
  const ready = receive(child, READY_TIMEOUT_MS, (message) => message.type === 'ready')
  child.send(task)
  try {
    await ready
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  child.unref()
  child.channel?.unref()
  let nextId = 1
  const ask = (type: ToLoad['type'], window?: Window): Promise<LoadReport> =>
    request(child, { type, id: nextId++, ...(window ? { window } : {}) })
  return {
    pid,
    report: (window) => ask('report', window),
    stop: async () => {
      const report = await ask('stop')
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.ref()
      child.disconnect()
      await ended
      return report
    },
  }
}

async function request(child: ChildProcess, message: ToLoad): Promise<LoadReport> {
  const answer = receive(
    child,
    REPORT_TIMEOUT_MS,
    (candidate) => candidate.type === 'report' && candidate.id === message.id,
  )
  child.send(message)
  const received = await answer
  if (received.type !== 'report') throw new Error('the load process gave no report')
  return received.report
}

/** The first message that fits; an error when the process fails, ends, or stays silent. */
function receive(
  child: ChildProcess,
  timeoutMs: number,
  fits: (message: FromLoad) => boolean,
): Promise<FromLoad> {
  return new Promise((resolve, reject) => {
    const end = (act: () => void): void => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('exit', onExit)
      act()
    }
    const onMessage = (message: FromLoad): void => {
      if (message.type === 'failed') end(() => reject(new Error(`load: ${message.message}`)))
      else if (fits(message)) end(() => resolve(message))
    }
    const onExit = (): void => end(() => reject(new Error('the load process ended')))
    const timer = setTimeout(
      () => end(() => reject(new Error(`the load process was silent for ${timeoutMs} ms`))),
      timeoutMs,
    )
    child.on('message', onMessage)
    child.once('exit', onExit)
  })
}
