import { describe, expect, it } from 'vitest'

import { ThrottleSetter } from '../../../../../src/lib/execution/reassign/throttle/setter.js'
import type { ConfigChange } from '../../../../../src/lib/ports/cluster-writer.js'

const AWAY = { status: 'refused', code: 'UNREACHABLE', message: 'nobody answers' } as const
const change = (type: 'topic' | 'broker', name: string): ConfigChange => ({
  resource: { type, name },
  name: `follower.replication.throttled.${type === 'topic' ? 'replicas' : 'rate'}`,
  op: type === 'topic' ? 'append' : 'set',
  value: type === 'topic' ? '0:3' : '1000000',
})

function openSetter() {
  const warnings: string[] = []
  const setter = new ThrottleSetter({
    reader: { readConfigs: () => Promise.resolve([]) },
    writer: {
      alterConfigs: (changes) =>
        Promise.resolve(changes.map(({ resource }) => ({ resource, outcome: AWAY }))),
    },
    warn: (text) => warnings.push(text),
    nowMs: () => 0,
  })
  return { setter, warnings }
}

describe('a throttle that cannot be set because nobody answers', () => {
  it('is said of a broker, which gets none', async () => {
    const { setter, warnings } = openSetter()
    await setter.apply([change('broker', '3')])
    expect(warnings).toEqual(['broker 3 was not throttled: nobody answers'])
  })

  it('is waited for on a topic: without its lists nothing of it would be throttled', async () => {
    const { setter, warnings } = openSetter()
    await expect(setter.apply([change('topic', 'orders')])).rejects.toMatchObject({
      code: 'THROTTLE_FAILED',
      exit: 'unreachable',
    })
    expect(warnings).toEqual([])
  })
})
