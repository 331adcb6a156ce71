import { renameSync } from 'node:fs'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Plan } from '../../src/lib/plan/plan.js'
import { listAfter, partitionSteps } from '../../src/lib/plan/step-lists.js'
import type { CheckDocument } from '../../src/lib/report/status/check-document.js'
import { createTopic, createTopics, startLab, type Lab, type LabMode } from '../lab/index.js'
import { openWard, verdictOf, type Ward } from './heal-support.js'

const SOON_MS = 90_000

/**
 * What healing has to say and do on one real cluster of four brokers on two racks, step after step. Only with
 * KLINIC_LIVE_HEAL=1: three of the six steps have not passed on a real cluster yet, so they prove nothing in every run.
 */
export function describeHealing(mode: LabMode, basePort: number): void {
  describe.skipIf(process.env['KLINIC_LIVE_HEAL'] !== '1')(
    `healing a real cluster (${mode})`,
    () => {
      let lab: Lab
      let ward: Ward
      let close = (): Promise<void> => Promise.resolve()

      beforeAll(async () => {
        const brokerConfig = {
          'replica.lag.time.max.ms': '10000',
          'log.flush.offset.checkpoint.interval.ms': '3000',
        }
        lab = await startLab({ mode, brokers: 4, racks: 2, basePort, logDirs: 2, brokerConfig })
        await createTopics(lab, [
          {
            name: 'orders',
            assignment: [
              [1, 2],
              [2, 3],
              [3, 4],
              [4, 1],
              [1, 4],
            ],
          },
          { name: 'throttled', assignment: [[1, 2]] },
        ])
        ward = await openWard(lab)
        close = () => ward.close()
      })
      afterAll(async () => {
        await close()
        await lab.down()
      })

      it('calls every broker alive that no collector has ever looked at', async () => {
        const { code, stdout } = await ward.klinic('cluster', 'check', '--json')
        const check = JSON.parse(stdout) as CheckDocument
        expect(check.brokers.map(({ verdict }) => verdict)).toEqual(Array(4).fill('alive'))
        expect([code, check.findings]).toEqual([0, []])
      })

      it('calls a stopped process hung, neither alive nor dead, and leaves it to a person', async () => {
        lab.pause(3)
        try {
          await ward.until('broker 3 is missed', SOON_MS, async () => !(await ward.lists(3)))
          const { code, stdout } = await ward.klinic('cluster', 'check', '--json')
          const judged = verdictOf(stdout, 3)
          expect([code, judged.verdict]).toEqual([3, 'hung'])
          expect(judged.text).toContain('is open, answers nothing')
          const plan = await ward.klinic('heal', 'plan', '--min-dead-for', '0s', '--json')
          expect([plan.code, ward.blockers(plan)]).toEqual([3, ['BROKER_HUNG']])
        } finally {
          lab.resume(3)
        }
        await ward.untilWhole(SOON_MS)
        await ward.electPreferred()
      })

      it('waits for the minimum time before it calls a killed broker dead, and says why', async () => {
        await lab.kill(4)
        await ward.until('broker 4 is missed', SOON_MS, async () => !(await ward.lists(4)))
        const early = await ward.klinic('heal', 'plan', '--min-dead-for', '10m', '--json')
        expect([early.code, ward.blockers(early)]).toEqual([75, ['DEAD_SINCE_UNKNOWN']])
        const again = await ward.klinic('heal', 'plan', '--min-dead-for', '10m', '--json')
        expect([again.code, ward.blockers(again)]).toEqual([75, ['DEAD_TOO_SHORT']])
        const { code, stdout } = await ward.klinic('cluster', 'check', '--json')
        expect([code, verdictOf(stdout, 4).verdict]).toEqual([3, 'restarting'])
      })

      it('moves nothing while one partition is not explained, and plans the others when told to', async () => {
        await ward.holdBack('throttled', 2)
        const refused = await ward.klinic('heal', 'plan', '--min-dead-for', '1s', '--json')
        expect(refused.code).toBe(3)
        const [why] = (JSON.parse(refused.stdout) as Plan).findings
        expect(why).toMatchObject({
          code: 'UNEXPLAINED_UNDER_REPLICATION',
          partitions: ['throttled-0'],
        })
        const confident = ['--min-dead-for', '1s', '--only-confident', '--json']
        const planned = await ward.klinic('heal', 'plan', ...confident)
        const plan = JSON.parse(planned.stdout) as Plan
        expect([planned.code, plan.steps.length]).toEqual([0, 3])
        expect(plan.deferred).toMatchObject([{ subject: 'throttled-0' }])
        await ward.letGo('throttled', 2)
        await ward.until('throttled is whole', SOON_MS, () => ward.isWhole(['throttled']))
      })

      it('heals the dead broker on the right racks, and the check turns from 3 to 0', async () => {
        expect((await ward.klinic('cluster', 'check', '--quiet')).code).toBe(3)
        const file = ward.file('heal.json')
        const planned = await ward.klinic(
          'heal',
          'plan',
          '--min-dead-for',
          '1s',
          '--output',
          file,
          '--json',
        )
        expect(planned.stderr + String(planned.code)).toMatch(/0$/)
        const plan = JSON.parse(planned.stdout) as Plan
        expect(plan.findings).toMatchObject([{ code: 'DEAD_BROKER', subject: 'broker 4' }])
        expect(plan.findings[0]?.message).toContain('refuses connections')
        expect(partitionSteps(plan.steps).map(listAfter)).toEqual([
          [3, 2],
          [2, 1],
          [1, 2],
        ])
        const id = plan.cluster.id
        const ran = await ward.klinic('reassign', 'execute', file, '--confirm', id)
        expect(ran.stderr + String(ran.code)).toMatch(/0$/)
        await ward.untilWhole(SOON_MS)
        await ward.electPreferred()
        await ward.until(
          'the check exits 0',
          SOON_MS,
          async () => (await ward.klinic('cluster', 'check', '--quiet')).code === 0,
        )
      })

      it('names a failed log directory as the reason, and heals what lay in it', async () => {
        await createTopic(lab, 'disks', [
          [2, 1],
          [2, 3],
          [2, 1],
          [2, 3],
        ])
        await ward.untilWhole(SOON_MS)
        const [, lost] = lab.brokers[1]!.logDirs
        renameSync(lost!, `${lost}-gone`)
        await ward.until(
          'the directory has failed',
          SOON_MS,
          async () => (await ward.failedDirs(2)) > 0,
        )
        const { code, stdout } = await ward.klinic('cluster', 'check', '--json')
        const check = JSON.parse(stdout) as CheckDocument
        expect([code, verdictOf(stdout, 2).verdict]).toEqual([3, 'log-dir-failed'])
        expect(check.reasons.map(({ cause }) => cause.code)).toEqual(['DEGRADED_HARDWARE'])
        expect(check.reasons[0]?.cause.text).toContain(lost)
        const planned = await ward.klinic(
          'heal',
          'plan',
          '--allow-fewer-racks',
          '--allow-partial',
          '--json',
        )
        const plan = JSON.parse(planned.stdout) as Plan
        expect(planned.code).toBe(0)
        expect(new Set(plan.steps.map(({ reason }) => reason.code))).toEqual(
          new Set(['LOG_DIR_FAILED']),
        )
      })
    },
  )
}
