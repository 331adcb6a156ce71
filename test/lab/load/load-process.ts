import { readState } from '../lab-folder.js'
import { ClusterView } from './cluster-view.js'
import { Consumer } from './consumer.js'
import type { FromLoad, LoadTask, ToLoad } from './messages.js'
import { Producer } from './producer.js'
import { endOfBucket, startOfBucket } from './series.js'
import type { LoadReport, Window } from './spec.js'

/** The process behind startLoad: it sends and reads until it is told to stop or its parent is gone. */
process.on('disconnect', () => process.exit(0))

function send(message: FromLoad): void {
  process.send?.(message)
}

async function run({ labDir, spec }: LoadTask): Promise<void> {
  const state = readState(labDir)
  if (state === undefined) throw new Error(`no lab in ${labDir}`)
  const topics = [...spec.produce, ...(spec.consume ?? [])].map((part) => part.topic)
  const openView = (): ClusterView => new ClusterView(state.layout, [...new Set(topics)])
  const view = openView()
  await view.refresh()
  const consumers = (spec.consume ?? []).map((one) => new Consumer(one, openView))
  for (const consumer of consumers) await consumer.prepare()
  const producer = new Producer(view, spec.produce)
  const parts = [producer, ...consumers]
  const startMs = startOfBucket(Date.now())
  const work = parts.map((part) => part.run())
  const report = (window: Window): LoadReport => ({
    ...window,
    partitions: producer.truth(window),
    consumers: consumers.flatMap((consumer) => consumer.truth(window)),
  })
  process.on('message', (message: ToLoad) => {
    const window = message.window ?? { fromMs: startMs, toMs: endOfBucket(Date.now()) }
    if (message.type === 'report') {
      send({ type: 'report', id: message.id, report: report(window) })
      return
    }
    for (const part of parts) part.stop()
    void Promise.allSettled(work).then(() => {
      const whole = { fromMs: startMs, toMs: endOfBucket(Date.now()) }
      send({ type: 'report', id: message.id, report: report(whole) })
    })
  })
  send({ type: 'ready' })
}

process.once('message', (task: LoadTask) => {
  run(task).catch((error: unknown) => {
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
  })
})
