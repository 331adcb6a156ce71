import { describe, expect, it } from 'vitest'

import { completeSteps } from '../../../src/lib/cli/complete-steps.js'

const complete = (step: string): string | undefined => completeSteps([step], ' --cluster prod')[0]

describe('next steps', () => {
  it('run as they are printed: they name the cluster that this run was given', () => {
    expect(complete('klinic reassign status')).toBe('klinic reassign status --cluster prod')
    expect(complete('make room for it, then: klinic reassign resume balance-1.2')).toBe(
      'make room for it, then: klinic reassign resume balance-1.2 --cluster prod',
    )
    expect(complete('klinic rack plan, once the rack is back')).toBe(
      'klinic rack plan --cluster prod, once the rack is back',
    )
    expect(complete('klinic heal plan --max-dead 3')).toBe(
      'klinic heal plan --max-dead 3 --cluster prod',
    )
    expect(complete('"klinic stats collect --create-topic" makes ours.')).toBe(
      '"klinic stats collect --create-topic --cluster prod" makes ours.',
    )
  })

  it('stay as they are where they name a cluster, know none, or are no commands', () => {
    for (const step of [
      'klinic reassign status --cluster other',
      'klinic config show --origin',
      'klinic plan show plan.json',
      'wait until it has finished',
      'use the klinic that wrote it',
    ]) {
      expect(complete(step)).toBe(step)
    }
    expect(completeSteps(['klinic reassign status'], '')).toEqual(['klinic reassign status'])
  })
})
