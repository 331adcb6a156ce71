import { describe, expect, it } from 'vitest'

import { NO_MEMORY, type Memory } from '../../../src/lib/health/memory/memory.js'
import type { PortState } from '../../../src/lib/model/evidence.js'
import type { Broker } from '../../../src/lib/model/snapshot.js'
import type { BrokerProbe } from '../../../src/lib/ports/broker-probe.js'
import { gatherEvidence } from '../../../src/lib/reading/evidence.js'
import { broker, cluster } from '../health/cluster-builder.js'

interface Probed {
  readonly probe: BrokerProbe
  readonly asked: string[]
}

function probing(port: PortState, api = 'answered', sshPort?: PortState): Probed {
  const asked: string[] = []
  const probe: BrokerProbe = {
    connect: ({ host, port: number }) => {
      asked.push(`connect ${host}:${number}`)
      return Promise.resolve({ port, ...(sshPort !== undefined && { sshPort }) })
    },
    ask: ({ host }) => {
      asked.push(`ask ${host}`)
      return Promise.resolve(api)
    },
  }
  return { probe, asked }
}

async function gather(third: Broker, { probe }: Probed, memory: Memory = NO_MEMORY) {
  const snapshot = cluster({ brokers: [broker(1), broker(2), third] })
  return (await gatherEvidence(snapshot, probe, memory)).brokers[2]
}
const absent = broker(3, { state: 'dead', host: '', port: 0 })

describe('gathering evidence of brokers', () => {
  it('asks nothing more of a broker that has answered while the cluster was read', async () => {
    const probed = probing('open')
    expect((await gather(broker(3), probed))?.evidence).toEqual({
      registered: 'yes',
      port: 'open',
      api: 'answered',
    })
    expect(probed.asked).toEqual([])
  })

  it('looks at the port of one that was silent, and asks it once more', async () => {
    const probed = probing('open', 'TIMED_OUT')
    const silent = broker(3, { unreachable: 'TIMED_OUT' })
    expect((await gather(silent, probed))?.evidence).toEqual({
      registered: 'yes',
      port: 'open',
      api: 'TIMED_OUT',
    })
    expect(probed.asked).toEqual(['connect kafka3:9092', 'ask kafka3'])
    const slow = await gather(silent, probing('open', 'answered'))
    expect(slow?.evidence?.api).toBe('answered')
  })

  it('looks for one that is gone where it was last, and keeps its rack', async () => {
    const memory: Memory = new Map([[3, { id: 3, host: 'old3', port: 9093, rack: 'c' }]])
    const probed = probing('refused')
    const { rack: _none, ...rackless } = absent
    expect(await gather(rackless, probed, memory)).toMatchObject({
      host: 'old3',
      rack: 'c',
      evidence: { registered: 'no', port: 'refused' },
    })
    expect(probed.asked).toEqual(['connect old3:9093'])
  })

  it('keeps what the host of a port said that swallows connections', async () => {
    const fenced = broker(3, { state: 'dead', fenced: true })
    const probed = probing('timed-out', 'answered', 'refused')
    expect((await gather(fenced, probed))?.evidence).toEqual({
      registered: 'fenced',
      port: 'timed-out',
      sshPort: 'refused',
    })
    expect(probed.asked).toEqual(['connect kafka3:9092'])
  })

  it('has no port to look at where no address is known, or where another broker lives by now', async () => {
    const probed = probing('open')
    expect((await gather(absent, probed))?.evidence).toEqual({ registered: 'no' })
    const memory: Memory = new Map([[3, { id: 3, host: 'kafka1', port: 9092 }]])
    expect((await gather(absent, probed, memory))?.evidence).toEqual({ registered: 'no' })
    expect(probed.asked).toEqual([])
  })

  it('tells a fenced broker from one that is not registered', async () => {
    const fenced = await gather(broker(3, { state: 'dead', fenced: true }), probing('refused'))
    expect(fenced?.evidence).toEqual({ registered: 'fenced', port: 'refused' })
  })
})
