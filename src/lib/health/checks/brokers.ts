import type { Finding } from '../../model/finding.js'
import type { Broker } from '../../model/snapshot.js'
import type { HealthView } from '../health-view.js'
import type { BrokerVerdict, JudgedBroker } from '../verdict/judge-broker.js'
import { count } from '../wording.js'

/** Brokers that are not simply alive, each with its verdict and what that rests on. */
export function checkBrokers(view: HealthView): readonly Finding[] {
  return view.snapshot.brokers.flatMap((broker) => {
    const judged = view.verdicts.get(broker.id)
    const code = judged === undefined ? null : codeFor(broker, judged.verdict)
    if (judged === undefined || code === null) return []
    const { replicas, verdict } = judged
    const finding: Finding = {
      code,
      severity: severityOf(broker, judged),
      subject: `broker ${broker.id}`,
      message: `${judged.text}; it holds ${count(replicas, 'replica')}`,
      nextSteps: replicas === 0 && broker.state === 'dead' ? [] : STEPS[verdict],
    }
    return [finding]
  })
}

const STEPS: Readonly<Record<BrokerVerdict, readonly string[]>> = {
  alive: [],
  hung: [
    'look at the process on its host, and restart it',
    'klinic heal plan --treat-hung-as-dead',
  ],
  restarting: ['wait, and look again'],
  'log-dir-failed': [],
  dead: ['klinic heal plan'],
  unknown: ['one signal is no verdict: look again, and at the broker itself'],
}

/** One that is gone and holds nothing is only worth knowing, and so is one that is catching up. */
function severityOf({ state }: Broker, { replicas, verdict }: JudgedBroker): Finding['severity'] {
  const isHarmless = replicas === 0 && verdict !== 'hung'
  return (state === 'dead' && isHarmless) || (state !== 'dead' && verdict === 'restarting')
    ? 'info'
    : 'warning'
}

function codeFor({ fenced, state }: Broker, verdict: BrokerVerdict): string | null {
  if (verdict === 'hung') return 'BROKER_HUNG'
  if (fenced === true) return 'BROKER_FENCED'
  if (state === 'dead') return 'BROKER_MISSING'
  if (verdict === 'restarting') return 'BROKER_RECOVERING'
  return verdict === 'unknown' ? 'BROKER_UNREACHABLE' : null
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
