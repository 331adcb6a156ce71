import { parseTopicPartition, topicPartitionKey } from '../../model/topic-partition.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { Plan } from '../../plan/plan.js'
import { listAfter, listBefore, stepsOf } from '../../plan/step-lists.js'
import { formatBytes, formatBytesPerSec } from '../../units/format-quantity.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { formatList, ledBy } from './words.js'

function describeToday(snapshot: Snapshot, subject: string): readonly string[] {
  const wanted = parseTopicPartition(subject)
  if (wanted === null) return []
  const topic = snapshot.topics.find(({ name }) => name === wanted.topic)
  const partition = topic?.partitions.find(({ id }) => id === wanted.partition)
  if (partition === undefined)
    return [`There is no partition ${sanitiseLine(subject)} in the snapshot.`]
  const rate = (bytes: number | undefined): string =>
    bytes === undefined ? 'unknown' : formatBytesPerSec(bytes)
  const size = partition.sizeBytes === undefined ? 'unknown' : formatBytes(partition.sizeBytes)
  return [
    `Now: replicas ${formatList(partition.replicas)}, leader ${partition.leader ?? 'none'}, in sync ${formatList(partition.isr ?? partition.replicas)}`,
    `Carries: in ${rate(partition.bytesInPerSec)}, out ${rate(partition.bytesOutPerSec)}, size ${size}`,
  ]
}

/** Why a partition moves, or what stands in the plan about leaving it alone. */
export function explainPartition(
  plan: Plan,
  subject: string,
  snapshot: Snapshot | null,
  style: Style,
): string {
  const steps = stepsOf(plan).filter(
    (step) => topicPartitionKey(step.topic, step.partition) === subject,
  )
  const deferred = plan.deferred.filter((item) => item.subject === subject)
  const findings = plan.findings.filter(
    (finding) => finding.subject === subject || finding.partitions?.includes(subject) === true,
  )
  const lines = [
    ...(snapshot === null ? [] : describeToday(snapshot, subject)),
    ...steps.flatMap((step) => [
      `Step ${step.id} (${step.type}): ${formatList(listBefore(step))} -> ${formatList(listAfter(step))}${ledBy(step)}, ${formatBytes(step.bytesToMove)}`,
      `  why:  ${sanitiseLine(step.reason.text)} (${step.reason.code})`,
      ...(step.gain === undefined ? [] : [`  gain: ${sanitiseLine(step.gain)}`]),
    ]),
    ...deferred.map(({ reason, override }) => {
      const lifted = override === undefined ? '' : ` (lifted by ${override})`
      return `Left out: ${sanitiseLine(reason.text)} (${reason.code})${lifted}`
    }),
    ...findings.map(({ code, message }) => `${code}: ${sanitiseLine(message)}`),
    ...(steps.length + deferred.length > 0
      ? []
      : ['The plan leaves it as it is: nothing that was wanted asks for a change of it.']),
  ]
  return [style.bold(`${sanitiseLine(subject)} in plan ${plan.id}`), ...lines].join('\n')
}
