import { renameSync } from 'node:fs'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Plan } from '../../src/lib/plan/plan.js'
import { listAfter, partitionSteps } from '../../src/lib/plan/step-lists.js'
import type { CheckDocument } from '../../src/lib/report/status/check-document.js'
import { startLab, type Lab, type LabMode } from '../lab/index.js'
import { lostPath, needs } from './heal-need.js'
import { crowdOut, type Crowd } from './crowd.js'
import { openWard, verdictOf, type Ward } from './heal-support.js'

const SOON_MS = 180_000
/** More than all waits of a scenario together: one that times out must not go on beside the next. */
const LONG_MS = 900_000

/** What a broker is told by whose port takes no connections, although its host refuses or opens another port. */
const SWALLOWED = 'its host answers on port 22: the process hangs'

/** Ids that fit neither into a byte nor into two; on racks r1, r2, r1, r2. */
const [A, B, C, D] = [1, 2, 300, 40_000] as const

/** Replication factors differ within a topic, too. */
const LISTS = {
  orders: [[A, B], [B, C], [C, D], [D, A], [A, D], [C], [A, D, C]],
  throttled: [[A, B]],
  disks: [
    [B, A],
    [B, C],
    [B, A],
    [B, C],
  ],
}

/** The lists of `orders` that held the fourth broker, with the second in its place: the only other one on that rack. */
const HEALED = [
  [C, B],
  [B, A],
  [A, B],
  [A, B, C],
]

/** Of `orders`: executions make Kafka create topics of its own, which are healed as well. */
const newLists = ({ steps }: Plan): readonly (readonly number[])[] =>
  partitionSteps(steps)
    .filter(({ topic }) => topic === 'orders')
    .map(listAfter)

/** What healing has to say and do on one real cluster of four brokers on two racks; each says what it starts from. */
export function describeHealing(mode: LabMode, basePort: number): void {
  describe(`healing a real cluster (${mode})`, { timeout: LONG_MS }, () => {
    let lab: Lab
    let ward: Ward
    let need: ReturnType<typeof needs>
    const closing: (() => Promise<void>)[] = []

    beforeAll(async () => {
      const brokerConfig = {
        'replica.lag.time.max.ms': '10000',
        'log.flush.offset.checkpoint.interval.ms': '3000',
      }
      const brokerIds = [A, B, C, D]
      lab = await startLab({ mode, brokerIds, racks: 2, basePort, logDirs: 2, brokerConfig })
      closing.push(() => lab.down())
      ward = await openWard(lab)
      closing.push(() => ward.close())
      need = needs(lab, ward, LISTS)
    })
    afterAll(async () => {
      for (const close of closing.toReversed()) await close()
    })

    it('calls every broker alive that no collector has ever looked at', async () => {
      await need()
      const { code, stdout } = await ward.klinic('cluster', 'check', '--json')
      const check = JSON.parse(stdout) as CheckDocument
      expect(check.brokers.map(({ verdict }) => verdict)).toEqual(Array(4).fill('alive'))
      // That a partition has one replica only is a note.
      expect([code, check.findings.filter(({ severity }) => severity !== 'info')]).toEqual([0, []])
    })

    it('calls a stopped process hung, neither alive nor dead, and leaves it to a person', async () => {
      await need()
      // With ZooKeeper the address of a broker that is missed is known to whoever saw it alive.
      await ward.klinic('cluster', 'check', '--quiet')
      const asBefore = ward.mark()
      const { host, advertisedPort } = lab.brokers.find(({ id }) => id === C)!
      let crowd: Crowd | undefined
      lab.pause(C)
      try {
        await ward.until(
          'the stopped broker is missed',
          SOON_MS,
          async () => !(await ward.lists(C)),
        )
        const { code, stdout } = await ward.klinic('cluster', 'check', '--json')
        const judged = verdictOf(stdout, C)
        expect([code, judged.verdict]).toEqual([3, 'hung'])
        expect(judged.text).toContain('is open, answers nothing')
        const plan = await ward.klinic('heal', 'plan', '--min-dead-for', '0s', '--json')
        expect([plan.code, ward.blockers(plan)]).toEqual([3, ['BROKER_HUNG']])
        // As others come to it a while later, who have never seen it hang: by then nobody accepts what still connects.
        crowd = await crowdOut(host, advertisedPort)
        asBefore()
        const late = verdictOf((await ward.klinic('cluster', 'check', '--json')).stdout, C)
        expect([late.verdict, late.text]).toEqual(['hung', expect.stringContaining(SWALLOWED)])
        const again = await ward.klinic('heal', 'plan', '--min-dead-for', '0s', '--json')
        expect([again.code, ward.blockers(again)]).toEqual([3, ['BROKER_HUNG']])
      } finally {
        crowd?.leave()
        lab.resume(C)
      }
    })

    it('waits for the minimum time before it calls a killed broker dead, and says why', async () => {
      await need({ dead: [D] })
      ward.forget()
      const early = await ward.klinic('heal', 'plan', '--min-dead-for', '10m', '--json')
      expect([early.code, ward.blockers(early)]).toEqual([75, ['DEAD_SINCE_UNKNOWN']])
      const again = await ward.klinic('heal', 'plan', '--min-dead-for', '10m', '--json')
      expect([again.code, ward.blockers(again)]).toEqual([75, ['DEAD_TOO_SHORT']])
      const { code, stdout } = await ward.klinic('cluster', 'check', '--json')
      expect([code, verdictOf(stdout, D).verdict]).toEqual([3, 'restarting'])
    })

    it('moves nothing while one partition is not explained, and plans the others when told to', async () => {
      await need({ dead: [D] })
      await ward.klinic('cluster', 'check', '--quiet')
      await ward.holdBack('throttled', B)
      await ward.untilWholeBut([D], SOON_MS, ['orders', 'disks'])
      const refused = await ward.klinic('heal', 'plan', '--min-dead-for', '1s', '--json')
      expect(refused.code).toBe(3)
      const [why] = (JSON.parse(refused.stdout) as Plan).findings
      expect(why).toMatchObject({
        code: 'UNEXPLAINED_UNDER_REPLICATION',
        partitions: ['throttled-0'],
      })
      expect(why?.message).toContain('a replication throttle stands on it')
      const file = ward.file('confident.json')
      const confident = ['--min-dead-for', '1s', '--only-confident', '--output', file, '--json']
      const planned = await ward.klinic('heal', 'plan', ...confident)
      const plan = JSON.parse(planned.stdout) as Plan
      expect([planned.code, newLists(plan)]).toEqual([0, HEALED])
      expect(plan.deferred.map(({ subject }) => subject)).toEqual(['throttled-0'])
      const ran = await ward.execute(file, '--throttle', 'none', '--adopt-throttles')
      expect(ran.stderr + String(ran.code)).toMatch(/0$/)
      expect(await ward.isWhole(['orders'])).toBe(true)
      expect(await ward.isWhole(['throttled'])).toBe(false)
      await ward.letGo('throttled', B)
      await ward.until('throttled is whole', SOON_MS, () => ward.isWhole(['throttled']))
    })

    it('heals the dead broker on the right racks, and the check turns from 3 to 0', async () => {
      // With ZooKeeper the address of a dead broker is known to whoever saw it alive.
      await need()
      expect((await ward.klinic('cluster', 'check', '--quiet')).code).toBe(0)
      await need({ dead: [D] })
      expect((await ward.klinic('cluster', 'check', '--quiet')).code).toBe(3)
      const file = ward.file('heal.json')
      const wanted = ['--min-dead-for', '1s', '--output', file, '--json']
      let planned = await ward.klinic('heal', 'plan', ...wanted)
      await ward.until('the broker is dead for a second', SOON_MS, async () => {
        if (planned.code === 75) planned = await ward.klinic('heal', 'plan', ...wanted)
        return planned.code !== 75
      })
      expect(planned.stderr + String(planned.code)).toMatch(/0$/)
      const plan = JSON.parse(planned.stdout) as Plan
      expect(plan.findings).toMatchObject([{ code: 'DEAD_BROKER', subject: `broker ${D}` }])
      expect(plan.findings[0]?.message).toContain('refuses connections')
      expect(newLists(plan)).toEqual(HEALED)
      const ran = await ward.execute(file)
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
      await need()
      const [, lost] = lab.brokers[1]!.logDirs
      renameSync(lost!, lostPath(lost!))
      // The directory's own error comes first, and what the cluster makes of it a moment later.
      let checked = await ward.klinic('cluster', 'check', '--json')
      await ward.until('the directory has failed', SOON_MS, async () => {
        checked = await ward.klinic('cluster', 'check', '--json')
        return verdictOf(checked.stdout, B).verdict === 'log-dir-failed'
      })
      const check = JSON.parse(checked.stdout) as CheckDocument
      expect(checked.code).toBe(3)
      expect(check.reasons.map(({ cause }) => cause.code)).toEqual(['DEGRADED_HARDWARE'])
      expect(check.reasons[0]?.cause.text).toContain(lost)
      const file = ward.file('disk.json')
      const planned = await ward.klinic('heal', 'plan', '--output', file, '--json')
      const plan = JSON.parse(planned.stdout) as Plan
      expect(planned.stderr + String(planned.code)).toMatch(/0$/)
      expect(new Set(plan.steps.map(({ reason }) => reason.code))).toEqual(
        new Set(['LOG_DIR_FAILED']),
      )
      const ran = await ward.execute(file)
      expect(ran.stderr + String(ran.code)).toMatch(/0$/)
      await ward.untilWhole(SOON_MS)
    })
  })
}
