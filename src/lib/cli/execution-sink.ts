import type { ExecutionEvent } from '../execution/reassign/events.js'
import { progressLine } from '../report/execution/progress-text.js'
import type { Progress } from './progress.js'
import type { Ui } from './ui.js'

/** Where events of an execution go that may never begin: progress is shown from the first one on. */
export interface ExecutionSink {
  readonly onEvent: (event: ExecutionEvent) => void
  readonly stop: () => void
}

/** Opens nothing before there is something to show. */
export function openExecutionSink(ui: Ui): ExecutionSink {
  let opening: Promise<Progress> | null = null
  let isOver = false
  const use = (what: (progress: Progress) => void): void => {
    opening ??= ui.progress('Starting')
    void opening.then((progress) => {
      if (!isOver) what(progress)
    })
  }
  return {
    onEvent: (event) => {
      if (event.type === 'progress') use((shown) => shown.update(progressLine(event.progress)))
      else if (event.type === 'note') use((shown) => shown.log(event.text))
    },
    stop: () => {
      void opening?.then((progress) => progress.stop())
      isOver = true
    },
  }
}
