import { describe, expect, it } from 'vitest'

import { clusterWith, GONE, HOUR, NOW, scriptResult, withDeadBroker, Workshop } from './workshop.js'

const well = clusterWith()
const cooldown = 'cooldown/broker-replace'

describe('replacing a broker that still lives', () => {
  it('takes leadership away first, then runs the script with all it has to know', async () => {
    const shop = new Workshop(well)
    const report = await shop.run()
    expect(report).toMatchObject({ exit: 'done', broker: 3, drain: { exit: 'done' } })
    expect(shop.drained).toBe(1)
    expect(shop.ran).toEqual([
      {
        KLINIC_REPLACEMENT_ID: 'replace-3-x',
        KLINIC_CLUSTER: 'c1',
        KLINIC_CLUSTER_ID: 'c1',
        KLINIC_BROKER_ID: '3',
        KLINIC_REASON: 'degraded',
        KLINIC_HOST: 'kafka-3',
        KLINIC_PORT: '9092',
        KLINIC_RACK: '',
      },
    ])
    expect(report.script?.output).toContain('i-456')
  })

  it('writes down every step, the output of the script among them', async () => {
    const shop = new Workshop(well)
    await shop.run()
    expect(shop.notes).toEqual([
      'done: replacement of broker 3 (degraded): begun',
      'done: replacement of broker 3 (degraded): drained, all done',
      'done: replacement of broker 3 (degraded): runs /opt/replace --now',
      'done: replacement of broker 3 (degraded): done after 61 s\nterminated i-123\nstarted i-456',
    ])
  })

  it('does not run the script when leadership could not be taken away', async () => {
    const shop = new Workshop(well)
    shop.drain = { exit: 'stoppedHalfWay', message: 'stalled' } as typeof shop.drain
    expect(await shop.run()).toMatchObject({ exit: 'stoppedHalfWay', script: null })
    expect([shop.ran, shop.state.size]).toEqual([[], 0])
  })

  it('looks again after the drain, and stops when another broker fell ill meanwhile', async () => {
    const worse = clusterWith({ 2: { state: 'dead', evidence: GONE } })
    const shop = new Workshop(well, worse)
    await expect(shop.run()).rejects.toMatchObject({ code: 'OTHERS_SICK', exit: 'refused' })
    expect([shop.ran, shop.state.size]).toEqual([[], 0])
  })
})

describe('the exit code of the script', () => {
  it.each([
    [{ exitCode: 0 }, 'done'],
    [{ exitCode: 3 }, 'hookSaidNo'],
    [{ exitCode: null, output: 'spawn ENOENT' }, 'hookSaidNo'],
    [{ exitCode: null, timedOut: true }, 'needsPerson'],
    [{ exitCode: null, signal: 'SIGKILL' }, 'needsPerson'],
  ] as const)('%j ends as %s', async (result, exit) => {
    const shop = new Workshop(well)
    shop.script = scriptResult(result)
    expect(await shop.run()).toMatchObject({
      exit,
      cooldownUntil: new Date(NOW + 12 * HOUR).toISOString(),
    })
    expect(shop.state.has('replacement')).toBe(exit === 'needsPerson')
  })
})

describe('one replacement at a time', () => {
  it('keeps a cooldown for the cluster, which was there before the script was', async () => {
    const shop = new Workshop(well)
    let seen = false
    shop.during = () => (seen = shop.state.has(cooldown))
    await shop.run()
    expect(seen).toBe(true)
    shop.nowMs = NOW + 11 * HOUR
    await expect(shop.run({ broker: 2 })).rejects.toMatchObject({
      code: 'IN_COOLDOWN',
      exit: 'tryLater',
    })
    await shop.run({ broker: 2, lifts: new Set(['ignore-cooldown']) })
    expect(shop.notes.find((note) => note.includes('--ignore-cooldown'))).toBeDefined()
    shop.nowMs = NOW + 24 * HOUR
    await shop.run()
    expect(shop.ran).toHaveLength(3)
  })

  it('waits while the script of another run may still run, and asks for a person when it was broken off', async () => {
    const shop = new Workshop(well)
    shop.during = () => {
      throw new Error('kill -9')
    }
    await expect(shop.run({ cooldownMs: 0 })).rejects.toThrow('kill -9')
    shop.living.add('boot 4711 99')
    await expect(shop.run()).rejects.toMatchObject({
      code: 'REPLACEMENT_RUNNING',
      exit: 'tryLater',
    })
    shop.living.clear()
    const broken = { code: 'REPLACEMENT_BROKEN_OFF', exit: 'needsPerson' }
    await expect(shop.run()).rejects.toMatchObject(broken)
    await expect(shop.run({ broker: 2 })).rejects.toMatchObject(broken)
    shop.during = () => undefined
    expect(await shop.run({ again: true })).toMatchObject({ exit: 'done' })
    expect(shop.state.has('replacement')).toBe(false)
  })

  it('begins anew after a run that was killed before its script', async () => {
    const shop = new Workshop(well)
    shop.state.set('replacement', {
      user: 'anna',
      host: 'ops-2',
      id: 'replace-2-y',
      broker: 2,
      reason: 'degraded',
      since: new Date(NOW - HOUR).toISOString(),
      phase: 'draining',
    })
    expect(await shop.run()).toMatchObject({ exit: 'done' })
  })
})

describe('replacing a dead broker', () => {
  it('drains nothing and runs the script', async () => {
    const shop = new Workshop(withDeadBroker())
    expect(await shop.run({ reason: 'dead' })).toMatchObject({ exit: 'done', drain: null })
    expect(shop.drained).toBe(0)
  })

  it('is refused when it answers', async () => {
    const shop = new Workshop(well)
    await expect(shop.run({ reason: 'dead' })).rejects.toMatchObject({
      code: 'BROKER_ANSWERS',
      exit: 'refused',
    })
    expect(shop.notes).toHaveLength(1)
  })

  it('is refused on one signal alone', async () => {
    const evidence = { registered: 'no', awayAt: new Date(NOW - HOUR).toISOString() } as const
    const shop = new Workshop(clusterWith({ 3: { state: 'dead', evidence } }))
    await expect(shop.run({ reason: 'dead' })).rejects.toMatchObject({
      exit: expect.stringMatching(/refused|tryLater/) as string,
    })
    expect(shop.ran).toEqual([])
  })

  it('has to be called dead', async () => {
    await expect(new Workshop(withDeadBroker()).run()).rejects.toMatchObject({ code: 'IS_DEAD' })
  })
})

describe('what stands in the way of a replacement', () => {
  it('another broker that is not well', async () => {
    const shop = new Workshop(clusterWith({ 1: { state: 'dead', evidence: GONE } }))
    await expect(shop.run()).rejects.toMatchObject({ code: 'OTHERS_SICK' })
  })

  it('the only copy of something, unless its loss is accepted', async () => {
    const alone = clusterWith({}, [{ id: 0, replicas: [3], isr: [3], leader: 3 }])
    await expect(new Workshop(alone).run()).rejects.toMatchObject({ code: 'ONLY_COPY' })
    const shop = new Workshop(alone)
    await shop.run({ lifts: new Set(['accept-data-loss']) })
    expect(shop.ran).toHaveLength(1)
  })

  it('partitions that would fall below min ISR', async () => {
    const thin = clusterWith({}, [{ id: 0, replicas: [3, 1], isr: [1, 3], leader: 1 }])
    await expect(new Workshop(thin).run()).rejects.toMatchObject({ code: 'WOULD_BE_UNAVAILABLE' })
  })

  it('a reassignment in flight', async () => {
    const moving = clusterWith({}, [
      { id: 0, replicas: [1, 2, 3], isr: [1, 2, 3], leader: 1, adding: [3] },
    ])
    await expect(new Workshop(moving).run()).rejects.toMatchObject({ exit: 'tryLater' })
  })

  it('maintenance, but for the broker that is replaced for it', async () => {
    const shop = new Workshop(well)
    const document = {
      user: 'anna',
      host: 'ops-2',
      reason: 'new disks',
      since: new Date(NOW).toISOString(),
      until: new Date(NOW + HOUR).toISOString(),
    }
    shop.state.set('maintenance/broker/3', document)
    await expect(shop.run()).rejects.toMatchObject({ code: 'IN_MAINTENANCE' })
    expect(await shop.run({ reason: 'maintenance' })).toMatchObject({ exit: 'done' })
    shop.state.set('maintenance/cluster', document)
    await expect(shop.run({ reason: 'maintenance' })).rejects.toMatchObject({ exit: 'tryLater' })
  })

  it('that nobody knows the broker', async () => {
    await expect(new Workshop(well).run({ broker: 9 })).rejects.toMatchObject({ exit: 'usage' })
  })
})

describe('what people are told of a replacement', () => {
  it('is nothing when it was done, which calls an earlier failure over', async () => {
    const shop = new Workshop(well)
    await shop.run()
    expect(shop.told).toEqual([[]])
  })

  it('is that the script said no, and louder that nobody knows how it ended', async () => {
    const shop = new Workshop(well)
    shop.script = scriptResult({ exitCode: 9 })
    await shop.run({ cooldownMs: 0 })
    shop.script = scriptResult({ exitCode: null, timedOut: true })
    await shop.run()
    expect(shop.told).toEqual([
      ['warning REPLACEMENT_FAILED broker 3'],
      ['critical REPLACEMENT_FAILED broker 3'],
    ])
  })

  it('is nothing of what was refused before it began, nor of what its operator stopped', async () => {
    const refused = new Workshop(clusterWith({ 2: { state: 'dead', evidence: GONE } }))
    await expect(refused.run()).rejects.toMatchObject({ code: 'OTHERS_SICK' })
    expect(refused.told).toEqual([])
    const shop = new Workshop(well)
    shop.drain = { exit: 'interrupted', message: 'stopped' } as typeof shop.drain
    await shop.run()
    expect(shop.told).toEqual([[]])
  })
})
