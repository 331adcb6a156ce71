import { describe, expect, it } from 'vitest'

import { refusedByKafka } from '../../../../src/lib/adapters/kafka/reader/refused-by-kafka.js'

const NOT_CONTROLLER = 41
const REQUEST_TIMED_OUT = 7
const CLUSTER_AUTHORIZATION_FAILED = 31
const INVALID_REQUEST = 42

describe('an answer of Kafka that is an error', () => {
  it('is waited for like a cluster out of reach while a controller is being elected', () => {
    for (const code of [NOT_CONTROLLER, REQUEST_TIMED_OUT]) {
      expect(refusedByKafka('list reassignments', code).exit).toBe('unreachable')
    }
  })

  it('is final where waiting changes nothing', () => {
    expect(refusedByKafka('list reassignments', CLUSTER_AUTHORIZATION_FAILED).exit).toBe(
      'notAuthorised',
    )
    expect(refusedByKafka('list reassignments', INVALID_REQUEST).exit).toBe('failed')
  })
})
