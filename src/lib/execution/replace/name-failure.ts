import type { AlertCause } from '../../model/alert.js'
import type { ReplaceReport } from '../../plan/replace-report.js'
import { brokerSubject, REPLACEMENT_FAILED } from '../alerts/owners.js'

/** What people have to know of a replacement that ended: nothing when it was done, or stopped by whoever began it. */
export function causesOfReplacement({
  exit,
  broker,
  message,
}: Pick<ReplaceReport, 'exit' | 'broker' | 'message'>): readonly AlertCause[] {
  if (exit === 'done' || exit === 'interrupted') return []
  const needsPerson = exit === 'needsPerson'
  return [
    {
      kind: REPLACEMENT_FAILED,
      subject: brokerSubject(broker),
      severity: needsPerson ? 'critical' : 'warning',
      message,
      nextSteps: needsPerson
        ? ['look at the broker, then the same command with --again']
        : [`klinic actions log`],
    },
  ]
}
