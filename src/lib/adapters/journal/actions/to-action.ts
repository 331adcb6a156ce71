import type { ActionRecord } from '../../../ports/action-log.js'
import type { JournalRecord, NoteRecord, StartedRecord } from '../../../ports/journal.js'
import type { Actor } from '../../../plan/actor.js'

/** Turns the records of one execution into actions, each of which can be read without the others. */
export function actionsOf(
  { executionId, plan }: StartedRecord,
  actor: Actor,
): (record: JournalRecord, sequence: number) => ActionRecord {
  const subjects = new Map(
    plan.steps.map((step) => [
      step.id,
      step.type === 'restart' ? `broker ${step.broker}` : `${step.topic}-${step.partition}`,
    ]),
  )
  return (record, sequence) => ({
    format: 'klinic.action/1',
    clusterId: plan.cluster.id,
    executionId,
    planId: plan.id,
    kind: plan.kind,
    sequence,
    actor,
    subject: subjectOf(record, subjects),
    record,
  })
}

/** A note as an action of its own. */
export function actionOfNote(clusterId: string, record: NoteRecord, id: string): ActionRecord {
  return {
    format: 'klinic.action/1',
    clusterId,
    executionId: `note.${id}`,
    planId: null,
    kind: 'note',
    sequence: 0,
    actor: record.actor,
    subject: record.subject,
    record,
  }
}

function subjectOf(record: JournalRecord, subjects: ReadonlyMap<number, string>): string | null {
  switch (record.type) {
    case 'move':
      return subjects.get(record.step) ?? null
    case 'throttle':
    case 'release':
      return `${record.resource.type} ${record.resource.name}`
    case 'restart':
      return `broker ${record.broker}`
    case 'note':
      return record.subject
    default:
      return null
  }
}
