import { describe, expect, it } from 'vitest'

import type { PortState } from '../../../src/lib/model/evidence.js'
import type { PortLook } from '../../../src/lib/ports/broker-probe.js'
import { lookEarly } from '../../../src/lib/reading/early-looks.js'
import { readSnapshot } from '../../../src/lib/reading/read-snapshot.js'
import { metadata, stoppedClock, stubReader } from './stub-reader.js'

const BROKER = { host: 'kafka2', port: 9092 }

/** A probe that finds this, with what it was asked for, over a clock that the test moves. */
function open(port: PortState = 'open', sshPort?: PortState) {
  const seen: PortLook = { port, ...(sshPort !== undefined && { sshPort }) }
  const asked: string[] = []
  const time = { ms: 0 }
  const probe = lookEarly(
    {
      connect: ({ host }) => {
        asked.push(`connect ${host}`)
        return Promise.resolve(seen)
      },
      ask: ({ host }) => {
        asked.push(`ask ${host}`)
        return Promise.resolve('TIMED_OUT')
      },
    },
    { nowMs: () => time.ms },
  )
  const look = async (): Promise<string> => {
    const { port: own, sshPort: host } = await probe.connect(BROKER)
    if (own !== 'open') return host === undefined ? own : `${own} ${host}`
    return `${own} ${await probe.ask(BROKER)}`
  }
  return { probe, look, asked, time }
}

describe('a look at a broker that was begun early', () => {
  it('is taken by the next one, which asks nothing more', async () => {
    const { probe, look, asked } = open()
    probe.begin(BROKER)
    expect(await look()).toBe('open TIMED_OUT')
    expect(asked).toEqual(['connect kafka2', 'ask kafka2'])
  })

  it('is taken once: who looks again sees what is so then', async () => {
    const { probe, look, asked } = open()
    probe.begin(BROKER)
    await look()
    await look()
    expect(asked).toHaveLength(4)
  })

  it('asks nothing of a port that is closed, and is taken once all the same', async () => {
    const { probe, look, asked } = open('refused')
    probe.begin(BROKER)
    expect([await look(), await look()]).toEqual(['refused', 'refused'])
    expect(asked).toEqual(['connect kafka2', 'connect kafka2'])
  })

  it('brings what the host of a port said that swallows connections', async () => {
    const { probe, look, asked } = open('timed-out', 'refused')
    probe.begin(BROKER)
    expect(await look()).toBe('timed-out refused')
    expect(asked).toEqual(['connect kafka2'])
  })

  it('is not taken for what is so much later', async () => {
    const { probe, look, asked, time } = open()
    probe.begin(BROKER)
    await Promise.resolve()
    time.ms = 60_000
    expect(await look()).toBe('open TIMED_OUT')
    expect(asked.filter((what) => what.startsWith('connect'))).toHaveLength(2)
  })

  it('is not needed', async () => {
    const { look, asked } = open()
    await look()
    expect(asked).toEqual(['connect kafka2', 'ask kafka2'])
  })
})

describe('reading a cluster in which a broker is slow', () => {
  it('names that broker while it still waits for it, and no other', async () => {
    const slow: string[] = []
    let end = (): void => undefined
    const named = new Promise<void>((resolve) => {
      end = resolve
    })
    const reader = stubReader({
      readMetadata: () => Promise.resolve(metadata()),
      readLogDirs: async (ids, onAnswer) => {
        onAnswer?.(1)
        await named
        const failure = { code: 'TIMED_OUT', message: 'no answer' }
        return ids.map((brokerId) =>
          brokerId === 1
            ? { brokerId, ok: true as const, value: [] }
            : { brokerId, ok: false as const, failure },
        )
      },
    })
    await readSnapshot(reader, {
      clock: stoppedClock,
      onSlow: ({ host }) => {
        slow.push(host)
        end()
      },
    })
    expect(slow).toEqual(['kafka2'])
  })
})
