import { describe, expect, it } from 'vitest'

import { brokersOfHosts } from '../../../src/lib/cli/hosts-flag.js'
import { asConnectionFlags } from '../../../src/lib/cli/roll-connection.js'
import { momentFlag, secondsFlag } from '../../../src/lib/cli/time-flags.js'
import type { Snapshot } from '../../../src/lib/model/snapshot.js'

const brokers = [
  { id: 1, host: 'b1.net', port: 9092 },
  { id: 2, host: 'b2.net', port: 9092 },
  { id: 3, host: 'b3.net', port: 9092 },
  { id: 4, host: 'b3.net', port: 9093 },
].map((broker) => ({ ...broker, state: 'alive' as const }))
const snapshot = { brokers } as unknown as Snapshot

describe('--hosts', () => {
  it('names brokers by advertised host, in the order given', () => {
    expect(brokersOfHosts(snapshot, 'b2.net, b1.net', {})).toEqual([2, 1])
    expect(brokersOfHosts(snapshot, 'b3.net:9093', {})).toEqual([4])
  })

  it('names them by the inventory too, whoever logs in there', () => {
    const inventory = { '1': 'klinic@10.0.0.1:2222', '2': 'ssh-2' }
    expect(brokersOfHosts(snapshot, 'root@10.0.0.1:2222,ssh-2', inventory)).toEqual([1, 2])
    expect(brokersOfHosts(snapshot, '10.0.0.1', inventory)).toEqual([1])
  })

  it('refuses a host that nobody runs on, or several do', () => {
    expect(() => brokersOfHosts(snapshot, 'b9.net', {})).toThrow('no broker of this cluster')
    expect(() => brokersOfHosts(snapshot, 'b3.net', {})).toThrow('brokers 3, 4 all run on b3.net')
  })
})

describe('-c of the roll commands', () => {
  it('is a cluster, unless it can only be client settings, as kafka_roller has it', () => {
    expect(asConnectionFlags({ cluster: 'prod' })).toEqual({ cluster: 'prod' })
    for (const conf of ['{"a": "b"}', './ssl.conf', '/etc/kafka/client.properties', 'conf.json'])
      expect(asConnectionFlags({ cluster: conf })).toEqual({ 'command-config': conf })
  })
})

describe('times on the command line', () => {
  const read = async (flag: typeof secondsFlag, text: string) => {
    const { parse } = flag()
    return parse(text, undefined as never, undefined as never)
  }

  it('count seconds where kafka_roller gave a bare number', async () => {
    expect(await read(secondsFlag, '30')).toBe(30_000)
    expect(await read(secondsFlag, '1500ms')).toBe(1_500)
    await expect(read(secondsFlag, 'soon')).rejects.toThrow('expected seconds')
  })

  it('are moments with their time zone', async () => {
    expect(await read(momentFlag, '2026-11-21T14:00Z')).toBe(Date.UTC(2026, 10, 21, 14))
    expect(await read(momentFlag, '2026-11-21T14:00:30+02:00')).toBe(
      Date.UTC(2026, 10, 21, 12, 0, 30),
    )
    await expect(read(momentFlag, '2026-11-21T14:00')).rejects.toThrow('expected a time')
    await expect(read(momentFlag, '2026-13-41T14:00Z')).rejects.toThrow('expected a time')
  })
})
