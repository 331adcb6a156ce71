import { describe, expect, it } from 'vitest'

import { OperatorError } from '../../../src/lib/errors/operator-error.js'
import { formatPlan } from '../../../src/lib/plan/format-plan.js'
import { parsePlan } from '../../../src/lib/plan/parse-plan.js'
import { aPlan, leadOrders0, moveOrders1 } from './a-plan.js'

const text = formatPlan(aPlan())

function refusal(input: string): { readonly code: string; readonly message: string } {
  try {
    parsePlan(input, 'p.json')
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    expect(error.exit).toBe('badData')
    return { code: error.code, message: error.message }
  }
  throw new Error('it was accepted')
}

describe('a plan file', () => {
  it('comes back as it was written, with a byte order mark too', () => {
    expect(parsePlan(text, 'p.json')).toEqual(aPlan())
    expect(parsePlan(`\uFEFF${text}`, 'p.json')).toEqual(aPlan())
  })

  it('has one step a line, for reviews', () => {
    const lines = text.split('\n').filter((line) => line.includes('"type":"reassign"'))
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0]!.trim().replace(/,$/, ''))).toEqual(moveOrders1)
  })

  it('of a newer format is refused as such', () => {
    expect(refusal(text.replace('klinic.plan/1', 'klinic.plan/2'))).toEqual({
      code: 'PLAN_NEWER',
      message:
        'p.json was written by a newer klinic: its format is "klinic.plan/2", and this one reads klinic.plan/1',
    })
  })

  it.each([
    ['', 'it is empty'],
    ['{"format":', 'it is not JSON'],
    ['[]', 'it is not a JSON object'],
    ['{}', 'format: expected "klinic.plan/1", it has no "format"'],
    ['{"format":"klinic.snapshot/1"}', 'its format is "klinic.snapshot/1"'],
    [text.replace('"to":[2,4]', '"to":"2,4"'), 'steps[0].to: Invalid input: expected array'],
    [text.replace('"to":[2,4]', '"to":[2,2]'), 'steps[0].to: names a broker twice'],
    [text.replace('"to":[2,4]', '"to":[2,4e9]'), 'steps[0].to[1]: Too big'],
    [text.replace('"to":[2,4]', '"to":[]'), 'steps[0].to: Too small'],
    [text.replace('"to":[2,4]', '"to":[2,4],"to":[2,1]'), 'the key "to" stands twice'],
    [text.replace('"to":[2,4]', String.raw`"to":[2,4],"t\u006f":[2,1]`), 'the key "to" stands'],
    [text.replace('"policy": {', '"policy": {"__proto__":{"x":1},'), '__proto__'],
    [text.replace('"partition":1', '"partition":-1'), 'steps[0].partition'],
    [text.replace('"complete"', '"compleat"'), 'Unrecognized key: "compleat"'],
    [text.replace('"to":2', '"to":3'), 'steps[1].to: is not a member of "replicas"'],
  ])('names the fault and its place (%#)', (input, expected) => {
    const { code, message } = refusal(input)
    expect(code).toBe('PLAN_UNREADABLE')
    expect(message).toContain(expected)
  })

  it('whose steps contradict each other is refused', () => {
    const { message } = refusal(
      formatPlan(aPlan([moveOrders1, { ...moveOrders1, id: 7, to: [2, 1] }])),
    )
    expect(message).toContain('steps (id 7, orders-1): expects replicas [2 3], but an earlier step')
    const twice = refusal(formatPlan(aPlan([moveOrders1, { ...leadOrders0, id: 1 }])))
    expect(twice.message).toContain('steps[1].id: 1 stands there twice')
    const shorter = refusal(formatPlan(aPlan([{ ...moveOrders1, to: [2] }])))
    expect(shorter.message).toContain('without "changesReplicationFactor": true')
  })
})
