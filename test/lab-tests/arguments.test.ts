import { describe, expect, it } from 'vitest'
import { parseLabArguments } from '../lab/cli/arguments.js'
import { parseRate } from '../lab/cli/load-arguments.js'
import { layOut } from '../lab/options.js'

describe('the command line of the lab', () => {
  it('turns flags of `up` into options', () => {
    const argv = 'up --mode zookeeper --brokers 4 --racks 2 --base-port 21000 --log-dirs 2'
    const args = parseLabArguments([...argv.split(' '), '--config', 'a.b=c=d'])
    expect(args).toEqual({
      command: 'up',
      options: {
        mode: 'zookeeper',
        brokers: 4,
        racks: 2,
        basePort: 21_000,
        logDirs: 2,
        brokerConfig: { 'a.b': 'c=d' },
      },
    })
  })

  it('names the broker a command is for', () => {
    expect(parseLabArguments(['kill', '2'])).toEqual({
      command: 'kill',
      brokerId: 2,
      basePort: undefined,
    })
  })

  it('refuses what it does not know', () => {
    expect(parseLabArguments(['explode'])).toBeUndefined()
    expect(parseLabArguments(['kill'])).toBeUndefined()
    expect(() => parseLabArguments(['up', '--mode', 'raft'])).toThrow('kraft or zookeeper')
    expect(() => parseLabArguments(['up', '--brokers', 'many'])).toThrow('whole number')
  })

  it('reads rates with k and M', () => {
    expect(['700', '700k', '1.5M'].map(parseRate)).toEqual([700, 700_000, 1_500_000])
    expect(() => parseRate('fast')).toThrow('fast')
  })
})

describe('the layout of a lab', () => {
  it('gives brokers ports in order and racks in turn', () => {
    const lab = layOut({ mode: 'kraft', brokerIds: [5, 7, 9], racks: 2, basePort: 100 }, '/l', 'id')
    expect(lab.brokers.map(({ id, port, rack }) => [id, port, rack])).toEqual([
      [5, 101, 'r1'],
      [7, 102, 'r2'],
      [9, 103, 'r1'],
    ])
  })

  it('refuses ids that collide with each other or with the controller', () => {
    expect(() => layOut({ mode: 'kraft', brokerIds: [1, 1] }, '/l', 'id')).toThrow('differ')
    expect(() => layOut({ mode: 'kraft', brokerIds: [100] }, '/l', 'id')).toThrow('differ')
    expect(() => layOut({ mode: 'kraft', brokers: 0 }, '/l', 'id')).toThrow('not 0')
  })
})
