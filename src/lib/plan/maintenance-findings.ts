import type { Finding } from '../model/finding.js'
import type { MaintenanceNote } from '../model/snapshot-maintenance.js'
import type { Snapshot } from '../model/snapshot.js'

/** What maintenance means for a plan: brokers that are given nothing, and a cluster that is not to be touched for now. */
export function maintenanceFindings({ cluster, maintenance }: Snapshot): readonly Finding[] {
  if (maintenance === undefined) return []
  const findings: Finding[] = []
  const subject = `cluster ${cluster.name ?? cluster.id}`
  if (maintenance.unread !== undefined) {
    const { code, message } = maintenance.unread
    findings.push({
      code: 'MAINTENANCE_UNREAD',
      severity: 'warning',
      subject,
      message: `what is in maintenance could not be read (${code}): ${message}`,
      nextSteps: ['klinic maintenance list'],
    })
  }
  if (maintenance.cluster !== undefined) {
    findings.push({
      code: 'CLUSTER_IN_MAINTENANCE',
      severity: 'warning',
      subject,
      message: `the cluster is in maintenance: ${describe(maintenance.cluster)}`,
      nextSteps: ['klinic maintenance list'],
    })
  }
  for (const note of maintenance.brokers) {
    findings.push({
      code: 'BROKER_IN_MAINTENANCE',
      severity: 'info',
      subject: `broker ${note.broker}`,
      message: `broker ${note.broker} is in maintenance and is given nothing: ${describe(note)}`,
      nextSteps: [`klinic maintenance stop --brokers ${note.broker}`],
    })
  }
  return findings
}

const describe = ({ user, host, since, until, reason }: MaintenanceNote): string =>
  `${user}@${host} since ${since} until ${until}: ${reason}`
