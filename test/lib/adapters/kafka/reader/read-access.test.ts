import { describe, expect, it } from 'vitest'

import type { KafkaPool } from '../../../../../src/lib/adapters/kafka/pool/kafka-pool.js'
import { readAccess } from '../../../../../src/lib/adapters/kafka/reader/read-access.js'

const UNKNOWN_TOPIC = 3
const NOT_COORDINATOR = 16
const GROUP_AUTHORIZATION_FAILED = 30
const READ_AND_DESCRIBE = (1 << 3) | (1 << 8)

/** A cluster on which somebody used a group before, or nobody; `asked` holds what was asked for, by name. */
function poolOf(offsets: 'there' | 'absent', groupError: number, beatError = 0) {
  const asked: string[] = []
  const topics = (request: { topics: readonly { name: string }[] | null }) =>
    (request.topics ?? []).map(({ name }) => ({
      ...{ name, errorCode: offsets === 'absent' ? UNKNOWN_TOPIC : 0, partitions: [] },
    }))
  const answers: Readonly<Record<string, (request: never) => unknown>> = {
    DescribeCluster: () => ({ authorizedOperations: 0 }),
    Metadata: (request) => ({ topics: topics(request) }),
    FindCoordinator: ({ coordinatorKeys }: { coordinatorKeys: readonly string[] }) => ({
      coordinators: coordinatorKeys.map((key) => ({ key, nodeId: 1, errorCode: 0 })),
    }),
    Heartbeat: () => ({ errorCode: beatError }),
    DescribeGroups: ({ groups }: { groups: readonly string[] }) => ({
      groups: groups.map((groupId) => ({
        ...{ groupId, errorCode: groupError },
        ...(groupError === 0 && { authorizedOperations: READ_AND_DESCRIBE }),
      })),
    }),
  }
  const answer = ({ name }: { name: string }, request: never): Promise<unknown> => {
    asked.push(name)
    return Promise.resolve(answers[name]?.(request))
  }
  const pool = {
    read: async (api: { name: string }, request: never) => ({
      response: await answer(api, request),
    }),
    request: (_target: unknown, api: { name: string }, request: never) => answer(api, request),
    versionFor: () => Promise.resolve(4),
  }
  return { asked, pool: pool as unknown as KafkaPool }
}

describe('the rights on a group', () => {
  it('are read from its coordinator', async () => {
    const { pool, asked } = poolOf('there', 0)
    const { groups } = await readAccess(pool, ['lock'])
    expect(groups.get('lock')).toEqual(new Set(['READ', 'DESCRIBE']))
    expect(asked).toContain('FindCoordinator')
  })

  it.each([
    [NOT_COORDINATOR, NOT_COORDINATOR, ['READ', 'DESCRIBE']],
    [NOT_COORDINATOR, GROUP_AUTHORIZATION_FAILED, ['DESCRIBE']],
    [GROUP_AUTHORIZATION_FAILED, GROUP_AUTHORIZATION_FAILED, []],
  ])(
    'are told by what any broker refuses where nobody has used a group, and no topic is created (%i, %i)',
    async (describing, beating, rights) => {
      const { pool, asked } = poolOf('absent', describing, beating)
      const { groups } = await readAccess(pool, ['lock'])
      expect(groups.get('lock')).toEqual(new Set(rights))
      expect(asked).not.toContain('FindCoordinator')
    },
  )
})
