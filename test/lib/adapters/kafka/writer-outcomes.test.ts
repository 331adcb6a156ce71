import { describe, expect, it } from 'vitest'

import { BrokerRequestError } from '../../../../src/lib/adapters/kafka/pool/kafka-pool.js'
import { outcomeOf, pieces } from '../../../../src/lib/adapters/kafka/writer/outcomes.js'
import { settle } from '../../../../src/lib/adapters/kafka/writer/send.js'
import { OperatorError } from '../../../../src/lib/errors/operator-error.js'

describe('the outcome of a request that changes something', () => {
  it('is ok, or refused with the broker’s own words', () => {
    expect(outcomeOf(0, null)).toEqual({ status: 'ok' })
    expect(outcomeOf(39, 'broker 9 is not registered')).toEqual({
      status: 'refused',
      code: 'INVALID_REPLICA_ASSIGNMENT',
      message: 'broker 9 is not registered',
    })
  })

  it('is unknown when the controller ran out of time: it may still be done', () => {
    expect(outcomeOf(7, null).status).toBe('unknown')
    expect(outcomeOf(-1, null).status).toBe('unknown')
  })

  it('counts an election that was not needed as made', () => {
    expect(outcomeOf(84, 'not needed', ['ELECTION_NOT_NEEDED'])).toEqual({ status: 'ok' })
    expect(outcomeOf(84, 'not needed').status).toBe('refused')
  })

  it('is refused when nothing was sent, and unknown for every item when the answer was lost', async () => {
    const failing = (sent: boolean) => () =>
      Promise.reject(new BrokerRequestError({ code: 'TIMED_OUT', message: 'no answer', sent }))
    expect(await settle(2, failing(true))).toEqual([
      { status: 'unknown', message: 'no answer' },
      { status: 'unknown', message: 'no answer' },
    ])
    const [refused] = await settle(1, failing(false))
    expect(refused).toMatchObject({ status: 'refused', code: 'TIMED_OUT' })
  })

  it('is refused when no broker could be reached, so that a run waits instead of failing', async () => {
    const error = new OperatorError({ code: 'UNREACHABLE', message: 'x', exit: 'unreachable' })
    const [refused] = await settle(1, () => Promise.reject(error))
    expect(refused).toMatchObject({ status: 'refused', code: 'UNREACHABLE' })
  })

  it('is asked for in pieces that leave few partitions in doubt', () => {
    expect(pieces([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  })
})
