import { describe, expect, it } from 'vitest'

import { watchBrokersInHand } from '../../../../src/lib/execution/roll/describe-leaving.js'
import type { RestartPhase } from '../../../../src/lib/ports/journal.js'

const told = (events: readonly (readonly [number, RestartPhase])[], connection = ''): string => {
  const inHand = watchBrokersInHand()
  for (const [broker, phase] of events) inHand.see({ type: 'phase', broker, phase })
  return inHand.describe('roll-1', connection)
}

describe('a roll that is left at once', () => {
  it('says how to go on, on the cluster that it was given', () => {
    expect(told([], ' --bootstrap-server k1:9093')).toBe(
      'Go on with: klinic roll resume roll-1 --bootstrap-server k1:9093',
    )
  })

  it('names each broker that may be down, the others of its batch too', () => {
    const events = [
      [1, 'gate'],
      [2, 'gate'],
      [3, 'gate'],
      [1, 'stopping'],
      [2, 'stopping'],
      [2, 'starting'],
      [1, 'stopped'],
    ] as const
    expect(told(events)).toContain('Brokers 1, 2 may be down. ')
    expect(told([...events, [2, 'recovered'], [2, 'done']])).toContain('Broker 1 may be down. ')
    expect(told([...events, [1, 'recovered'], [2, 'recovered']])).not.toContain('down')
  })
})
