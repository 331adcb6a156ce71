import { expect, it } from 'vitest'

import {
  errorName,
  errorNameOrNone,
} from '../../../../../src/lib/adapters/kafka/protocol/error-names.js'

// A slip by one would rename everything behind it: names from org.apache.kafka.common.protocol.Errors.
it.each([
  [-1, 'UNKNOWN_SERVER_ERROR'],
  [0, 'NONE'],
  [3, 'UNKNOWN_TOPIC_OR_PARTITION'],
  [5, 'LEADER_NOT_AVAILABLE'],
  [16, 'NOT_COORDINATOR'],
  [31, 'CLUSTER_AUTHORIZATION_FAILED'],
  [39, 'INVALID_REPLICA_ASSIGNMENT'],
  [41, 'NOT_CONTROLLER'],
  [56, 'KAFKA_STORAGE_ERROR'],
  [60, 'REASSIGNMENT_IN_PROGRESS'],
  [74, 'FENCED_LEADER_EPOCH'],
  [80, 'PREFERRED_LEADER_NOT_AVAILABLE'],
  [84, 'ELECTION_NOT_NEEDED'],
  [85, 'NO_REASSIGNMENT_IN_PROGRESS'],
  [100, 'UNKNOWN_TOPIC_ID'],
  [102, 'BROKER_ID_NOT_REGISTERED'],
  [107, 'INELIGIBLE_REPLICA'],
  [129, 'REBOOTSTRAP_REQUIRED'],
  [999, 'ERROR_999'],
])('calls error %i %s', (code, name) => {
  expect(errorName(code)).toBe(name)
})

it('has no name for success', () => {
  expect(errorNameOrNone(0)).toBeUndefined()
})
