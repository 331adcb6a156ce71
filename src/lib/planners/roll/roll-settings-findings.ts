import type { Finding } from '../../plan/plan.js'

/** A setting of one broker, as it reports it; null when it does not say. */
export interface BrokerSetting {
  readonly broker: number
  readonly key: string
  readonly value: string | null
}

interface Concern {
  readonly key: string
  readonly isBad: (value: string) => boolean
  readonly code: string
  readonly says: string
  readonly next: string
}

const CONCERNS: readonly Concern[] = [
  {
    key: 'controlled.shutdown.enable',
    isBad: (value) => value === 'false',
    code: 'CONTROLLED_SHUTDOWN_OFF',
    says: 'a stop does not hand leadership over first, so producers fail until leaders are elected',
    next: 'set controlled.shutdown.enable=true on these brokers',
  },
  {
    key: 'unclean.leader.election.enable',
    isBad: (value) => value === 'true',
    code: 'UNCLEAN_ELECTION_ON',
    says: 'a replica that is behind may lead while others are down, and records be lost',
    next: 'set unclean.leader.election.enable=false, at least while brokers restart',
  },
]

/** The broker settings that {@link findSettingRisks} looks at. */
export const RISKY_SETTINGS: readonly string[] = CONCERNS.map(({ key }) => key)

/** Warnings about settings that make the restart of a broker hurt more than it has to. */
export function findSettingRisks(settings: readonly BrokerSetting[]): readonly Finding[] {
  return CONCERNS.flatMap(({ key, isBad, code, says, next }) => {
    const brokers = settings
      .filter((setting) => setting.key === key && setting.value !== null && isBad(setting.value))
      .map(({ broker }) => broker)
      .toSorted((a, b) => a - b)
    if (brokers.length === 0) return []
    const subject = `broker${brokers.length === 1 ? '' : 's'} ${brokers.join(', ')}`
    const value = key === 'controlled.shutdown.enable' ? 'false' : 'true'
    const message = `${key}=${value} on ${subject}: ${says}`
    return [{ code, severity: 'warning', subject, message, nextSteps: [next] }]
  })
}
