import { describe, expect, it } from 'vitest'

import { findSettingRisks } from '../../../../src/lib/planners/roll/roll-settings-findings.js'

describe('broker settings that make a restart hurt', () => {
  it('are named once with all their brokers, as warnings', () => {
    const findings = findSettingRisks([
      { broker: 3, key: 'controlled.shutdown.enable', value: 'false' },
      { broker: 1, key: 'controlled.shutdown.enable', value: 'false' },
      { broker: 1, key: 'unclean.leader.election.enable', value: 'false' },
      { broker: 2, key: 'unclean.leader.election.enable', value: 'true' },
    ])
    expect(findings).toMatchObject([
      { code: 'CONTROLLED_SHUTDOWN_OFF', severity: 'warning', subject: 'brokers 1, 3' },
      { code: 'UNCLEAN_ELECTION_ON', severity: 'warning', subject: 'broker 2' },
    ])
  })

  it('are none where brokers keep to the defaults or do not tell', () => {
    expect(
      findSettingRisks([
        { broker: 1, key: 'controlled.shutdown.enable', value: 'true' },
        { broker: 2, key: 'controlled.shutdown.enable', value: null },
      ]),
    ).toEqual([])
  })
})
