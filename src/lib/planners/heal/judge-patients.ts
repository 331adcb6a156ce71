import { sayEvidence, type JudgedBroker } from '../../health/verdict/judge-broker.js'
import { count, nameBrokers } from '../../health/wording.js'
import type { Finding } from '../../model/finding.js'
import type { Snapshot } from '../../model/snapshot.js'
import { formatAge } from '../../units/format-age.js'
import type { HealPolicy } from './heal-policy.js'
import type { Patients } from './patients.js'

/** One, or a tenth of the brokers: more at once is seldom the brokers' own fault. */
export function defaultMaxDead(brokers: number): number {
  return Math.max(1, Math.floor(brokers / 10))
}

const idsOf = (judged: readonly JudgedBroker[]): readonly number[] =>
  judged.map(({ broker }) => broker)

function tellMany(snapshot: Snapshot, patients: Patients, policy: HealPolicy): readonly Finding[] {
  const { dead, hung, restarting } = patients
  const most = policy.maxDead ?? defaultMaxDead(snapshot.brokers.length)
  const sick = [...dead, ...hung]
  const of = `of ${snapshot.brokers.length} brokers`
  if (sick.length > most) {
    return [
      {
        code: 'TOO_MANY_DEAD',
        severity: 'blocker',
        subject: nameBrokers(idsOf(sick)),
        message: `${sick.length} ${of} are dead or hang (${nameBrokers(idsOf(sick))}), more than ${most}: that looks like a network problem`,
        nextSteps: ['klinic cluster check', `klinic heal plan --max-dead ${sick.length}`],
      },
    ]
  }
  const gone = new Map(snapshot.brokers.map(({ id, state }) => [id, state === 'dead']))
  const away = [...sick, ...restarting.filter(({ broker }) => gone.get(broker) === true)]
  if (sick.length === 0 || away.length <= most) return []
  return [
    {
      code: 'TOO_MANY_AWAY',
      severity: 'blocker',
      subject: nameBrokers(idsOf(away)),
      message: `${away.length} ${of} are dead or away just now (${nameBrokers(idsOf(away))}), more than ${most}: nothing is healed before it is clear what becomes of them`,
      nextSteps: ['klinic cluster check'],
    },
  ]
}

/** Gone, but for too short a time, or nobody knows for how long. */
function tellFresh(judged: JudgedBroker, snapshot: Snapshot, policy: HealPolicy): Finding {
  const { broker, forMs = 0, isNews } = judged
  const left = Math.max(1, Math.ceil((policy.minDeadForMs - forMs) / 1000))
  const when = new Date(Date.parse(snapshot.capturedAt) + left * 1000).toISOString()
  const wanted = formatAge(policy.minDeadForMs)
  const again = `Try again in ${formatAge(left * 1000)} (${when}), or say --min-dead-for ${Math.floor(forMs / 1000)}s`
  if (isNews) {
    return {
      code: 'DEAD_SINCE_UNKNOWN',
      severity: 'blocker',
      subject: `broker ${broker}`,
      message: `broker ${broker} is gone (${sayEvidence(judged)}), and nobody had noticed before: its time counts from now on, since it may be restarting`,
      nextSteps: [again],
    }
  }
  return {
    code: 'DEAD_TOO_SHORT',
    severity: 'blocker',
    subject: `broker ${broker}`,
    message: `broker ${broker} is gone for ${formatAge(forMs)} only, less than ${wanted}: it may be restarting (${sayEvidence(judged)})`,
    nextSteps: [again],
  }
}

function tellRecovering({ broker, text }: JudgedBroker): Finding {
  return {
    code: 'RESTART_IN_PROGRESS',
    severity: 'blocker',
    subject: `broker ${broker}`,
    message: `${text}: it is coming back, which is no fault yet`,
    nextSteps: ['wait until it has caught up, and plan again'],
  }
}

function tellRestarting(judged: JudgedBroker, snapshot: Snapshot, policy: HealPolicy): Finding {
  const broker = snapshot.brokers.find(({ id }) => id === judged.broker)
  const answers = judged.signals.some(({ name, says }) => name === 'api' && says === 'well')
  const isGone = broker?.state === 'dead' && !answers
  return isGone && judged.forMs !== undefined && judged.forMs < policy.minDeadForMs
    ? tellFresh(judged, snapshot, policy)
    : tellRecovering(judged)
}

/** The evidence that the plan rests on, once for each broker. */
function tellDead({ broker, text, replicas }: JudgedBroker): Finding {
  return {
    code: 'DEAD_BROKER',
    severity: 'info',
    subject: `broker ${broker}`,
    message: `${text}; it holds ${count(replicas, 'replica')}`,
    nextSteps: [],
  }
}

/** A file that gives no time is taken at its word, aloud. */
function tellUndated(dead: readonly JudgedBroker[]): readonly Finding[] {
  const undated = idsOf(dead.filter(({ since }) => since === undefined))
  if (undated.length === 0) return []
  const which = nameBrokers(undated)
  return [
    {
      code: 'DEAD_SINCE_UNKNOWN',
      severity: 'warning',
      subject: which,
      message: `since when ${which} ${undated.length === 1 ? 'is' : 'are'} dead is not known: make sure that nobody is restarting it just now`,
      nextSteps: ['klinic cluster check'],
    },
  ]
}

function tellHung({ broker, text }: JudgedBroker, partitions: readonly string[]): Finding {
  return {
    code: 'BROKER_HUNG',
    severity: 'blocker',
    subject: `broker ${broker}`,
    message: `${text}: a person has to look at it`,
    nextSteps: [
      'look at the process on its host, and restart it',
      'klinic heal plan --treat-hung-as-dead',
    ],
    partitions,
  }
}

/** What stands in the way because of the brokers themselves; `confident` leaves out those that are not dead yet. */
export function judgePatients(
  snapshot: Snapshot,
  patients: Patients,
  policy: HealPolicy,
  context: {
    readonly partitionsOf: (broker: number) => readonly string[]
    readonly goesOn: boolean
  },
): readonly Finding[] {
  const soften = (finding: Finding): Finding =>
    context.goesOn ? { ...finding, severity: 'warning' } : finding
  return [
    ...tellMany(snapshot, patients, policy),
    ...patients.hung.map((one) => soften(tellHung(one, context.partitionsOf(one.broker)))),
    ...patients.restarting.map((one) => soften(tellRestarting(one, snapshot, policy))),
    ...tellUndated(patients.dead),
    ...patients.dead.map(tellDead),
  ]
}
