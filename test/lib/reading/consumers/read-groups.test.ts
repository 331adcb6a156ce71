import { describe, expect, it } from 'vitest'

import { readGroupPositions } from '../../../../src/lib/reading/consumers/read-groups.js'
import type { ClusterReader } from '../../../../src/lib/ports/cluster-reader.js'

type Groups = Awaited<ReturnType<ClusterReader['readGroups']>>
type Committed = Awaited<ReturnType<ClusterReader['readCommittedOffsets']>>

const stable = { groupId: 'billing', protocolType: 'consumer', state: 'Stable' }

function look(groups: Groups, failures: Committed['failures']) {
  const reader = {
    readGroups: () => Promise.resolve(groups),
    readCommittedOffsets: () => Promise.resolve({ offsets: [], failures }),
    readOffsets: () => Promise.resolve([]),
  } as unknown as ClusterReader
  return readGroupPositions(reader, ['billing'])
}

describe('a look at consumer groups', () => {
  it('says that offsets could not be read, instead of showing a group without any', async () => {
    const failure = { groupId: 'billing', code: 'NOT_COORDINATOR', message: 'it moved' }
    const [reading] = await look([{ brokerId: 1, ok: true, value: [stable] }], [failure])
    expect(reading?.unread).toContain('it moved')
  })

  it('does not call a group unknown to the cluster while a broker is silent', async () => {
    const silent = { code: 'TIMED_OUT', message: 'no answer' }
    const answers: Groups = [
      { brokerId: 1, ok: true, value: [] },
      { brokerId: 2, ok: false, failure: silent },
    ]
    expect((await look(answers, []))[0]?.unread).toContain('2')
    expect((await look(answers.slice(0, 1), []))[0]?.unread).toBeUndefined()
  })
})
