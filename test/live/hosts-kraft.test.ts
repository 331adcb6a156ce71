import { afterAll, beforeAll, beforeEach, describe } from 'vitest'

import { obeysTheContract } from './coordination-scenarios.js'
import { keepsTheAudit } from './hosts-audit.js'
import { keepsOthersAway } from './hosts-lock.js'
import { obeysMaintenance } from './hosts-maintenance.js'
import { openStage, type Stage } from './hosts-support.js'

const BASE_PORT = 30_100

describe('hosts that work on one KRaft cluster', { timeout: 400_000 }, () => {
  let opened: Stage | undefined
  const stage = (): Stage => {
    if (opened === undefined) throw new Error('the cluster is not up')
    return opened
  }
  beforeAll(async () => {
    opened = await openStage(BASE_PORT)
  })
  beforeEach(async ({ task }) => {
    if ((task.result?.retryCount ?? 0) > 0) await stage().tidy()
  })
  afterAll(() => opened?.close())

  describe('agree on who works', () => {
    obeysTheContract(({ clusterId = 'contract', witness } = {}) =>
      stage().coordination(clusterId, witness),
    )
    keepsOthersAway(stage)
  })
  describe('agree on maintenance', () => obeysMaintenance(stage))
  describe('share a log', () => keepsTheAudit(stage))
})
