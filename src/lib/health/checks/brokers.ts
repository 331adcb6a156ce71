import type { Finding } from '../../model/finding.js'
import type { Broker } from '../../model/snapshot.js'
import { troubleOf, type HealthView } from '../health-view.js'
import { count } from '../wording.js'

/** Brokers that replica lists name and the cluster does not have, or has fenced, or that do not answer us. */
export function checkBrokers(view: HealthView): readonly Finding[] {
  return view.snapshot.brokers.flatMap((broker) => {
    const code = codeFor(broker)
    if (code === null) return []
    const hosted = view.partitions.filter((p) => p.partition.replicas.includes(broker.id)).length
    const finding: Finding = {
      code,
      severity: 'warning',
      subject: `broker ${broker.id}`,
      message: `broker ${broker.id} ${troubleOf(broker) ?? ''} and holds ${count(hosted, 'replica')}`,
      nextSteps:
        broker.state === 'dead'
          ? ['klinic heal plan']
          : ['one signal is no verdict: look again, and at the broker itself'],
    }
    return [finding]
  })
}

function codeFor(broker: Broker): string | null {
  if (broker.fenced === true) return 'BROKER_FENCED'
  if (broker.state === 'dead') return 'BROKER_MISSING'
  return broker.unreachable === undefined ? null : 'BROKER_UNREACHABLE'
}

/** Log directories that their broker has taken offline, and replicas that went with them. */
export function checkLogDirs(view: HealthView): readonly Finding[] {
  return view.snapshot.brokers.flatMap((broker) => {
    const failed = (broker.logDirs ?? []).filter((dir) => dir.error !== undefined)
    const lost = view.partitions.filter((p) => p.partition.offlineReplicas?.includes(broker.id))
    if (failed.length === 0 && lost.length === 0) return []
    const dirs = failed.map((dir) => `${dir.path} (${dir.error ?? ''})`)
    const which = dirs.length === 0 ? 'a log directory' : `log directory ${dirs.join(', ')}`
    const taken = lost.length === 0 ? '' : `, and ${count(lost.length, 'replica')} with it`
    const finding: Finding = {
      code: 'LOG_DIR_OFFLINE',
      severity: 'warning',
      subject: `broker ${broker.id}`,
      message: `broker ${broker.id} has lost ${which}${taken}`,
      nextSteps: [`look at the disks of broker ${broker.id}`],
      partitions: lost.map((p) => p.name),
    }
    return [finding]
  })
}

/** No active controller that anybody could name: nothing on the cluster can be changed. */
export function checkController(view: HealthView): readonly Finding[] {
  if (view.snapshot.cluster.controller !== undefined) return []
  return [
    {
      code: 'CONTROLLER_UNKNOWN',
      severity: 'warning',
      subject: 'cluster',
      message: 'it is not known which broker is the active controller, or whether there is one',
      nextSteps:
        view.snapshot.cluster.metadata === 'kraft'
          ? ['check the quorum of the controllers, and that our principal may Describe the cluster']
          : ['check /controller in ZooKeeper'],
    },
  ]
}
