import { Buffer } from 'node:buffer'

import { heartbeat } from '../../../../src/lib/adapters/kafka/protocol/apis/heartbeat.js'
import { joinGroup } from '../../../../src/lib/adapters/kafka/protocol/apis/join-group.js'
import { leaveGroup } from '../../../../src/lib/adapters/kafka/protocol/apis/leave-group.js'
import { syncGroup } from '../../../../src/lib/adapters/kafka/protocol/apis/sync-group.js'
import { testAgainstJavaClient } from './golden.js'

/** Byte fields are base64 in the fixtures. */
const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64')

interface JoinAsked {
  readonly groupId: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly memberId: string
  readonly protocolType: string
  readonly protocols: readonly { readonly name: string; readonly metadata: string }[]
}

interface JoinAnswered {
  readonly errorCode: number
  readonly generationId: number
  readonly protocolName: string
  readonly leader: string
  readonly memberId: string
  readonly members: readonly { readonly memberId: string; readonly metadata: string }[]
}

testAgainstJavaClient('join-group', joinGroup, {
  request: (asked: JoinAsked) => ({
    ...asked,
    protocols: asked.protocols.map(({ name, metadata }) => ({ name, metadata: bytes(metadata) })),
  }),
  response: (answered: JoinAnswered) => {
    const { errorCode, generationId, protocolName, leader, memberId } = answered
    const members = answered.members.map((member) => ({
      memberId: member.memberId,
      metadata: bytes(member.metadata),
    }))
    return { errorCode, generationId, protocolName, leader, memberId, members }
  },
})

interface SyncAsked {
  readonly groupId: string
  readonly generationId: number
  readonly memberId: string
  readonly assignments: readonly { readonly memberId: string; readonly assignment: string }[]
}

testAgainstJavaClient('sync-group', syncGroup, {
  request: (asked: SyncAsked) => ({
    ...asked,
    protocolType: 'klinic',
    protocolName: 'lock-1',
    assignments: asked.assignments.map(({ memberId, assignment }) => ({
      memberId,
      assignment: bytes(assignment),
    })),
  }),
  response: ({ errorCode, assignment }: { errorCode: number; assignment: string }) => ({
    errorCode,
    assignment: bytes(assignment),
  }),
})

testAgainstJavaClient('heartbeat', heartbeat, {
  request: (asked: { groupId: string; generationId: number; memberId: string }) => asked,
  response: ({ errorCode }: { errorCode: number }) => ({ errorCode }),
})

interface LeaveAsked {
  readonly groupId: string
  readonly members: readonly { readonly memberId: string }[]
}

interface LeaveAnswered {
  readonly errorCode: number
  readonly members: readonly { readonly memberId: string; readonly errorCode: number }[]
}

testAgainstJavaClient('leave-group', leaveGroup, {
  request: ({ groupId, members }: LeaveAsked) => ({
    groupId,
    members: members.map(({ memberId }) => ({ memberId, reason: 'released' })),
  }),
  response: ({ errorCode, members }: LeaveAnswered) => ({
    errorCode,
    members: members.map((member) => ({ memberId: member.memberId, errorCode: member.errorCode })),
  }),
})
