import { Config } from '@oclif/core/config'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { KlinicCommand } from '../../../src/lib/cli/base-command.js'
import { confirmByName } from '../../../src/lib/cli/confirm.js'
import type { Host } from '../../../src/lib/cli/host.js'
import type { Outcome } from '../../../src/lib/cli/outcome.js'
import { createRedactor } from '../../../src/lib/cli/redactor.js'
import { Interruption, type EndingSignal } from '../../../src/lib/cli/signals.js'
import { OperatorError } from '../../../src/lib/errors/operator-error.js'

const PLAN = { what: 'move 12 replicas', clusterName: 'prod', clusterId: 'abc' }

describe('a question that is not answered because of', () => {
  beforeEach(() => void vi.resetModules())

  it('a signal ends at once, and says that nothing was changed', async () => {
    const controller = new AbortController()
    const asking = confirmByName(PLAN, true, controller.signal)
    setTimeout(() => controller.abort(new Interruption('SIGTERM')), 20)
    await expect(asking).rejects.toMatchObject({
      exit: 'interrupted',
      message: expect.stringContaining('Nothing was changed') as unknown,
    })
  })

  it('a signal that came before it is not even asked', async () => {
    const asking = confirmByName(PLAN, true, AbortSignal.abort(new Interruption('SIGHUP')))
    await expect(asking).rejects.toMatchObject({ exit: 'interrupted' })
  })

  it('Ctrl-C, which a terminal that asks hands over as a key, is no unknown error', async () => {
    const left = Object.assign(new Error('force closed'), { name: 'ExitPromptError' })
    vi.doMock('inquirer', () => ({
      default: { createPromptModule: () => () => Promise.reject(left) },
    }))
    const { confirmByName: confirm, askSecret } = await import('../../../src/lib/cli/confirm.js')
    const stopped = { code: 'INTERRUPTED', exit: 'interrupted' }
    await expect(confirm(PLAN, true)).rejects.toMatchObject(stopped)
    await expect(askSecret('password')).rejects.toMatchObject(stopped)
    vi.doUnmock('inquirer')
  })
})

interface Told {
  readonly exitCode: number
  readonly error: { readonly code: string; readonly nextSteps: readonly string[] }
}

/** What is told of a command that fails after a signal. */
async function failAfter(
  ending: EndingSignal | null,
  error: Error,
  stopWithinMs?: number,
): Promise<Told> {
  class Failing extends KlinicCommand {
    static override id = 'fail'
    protected override readonly stopWithinMs = stopWithinMs ?? 1_000
    protected execute(): Promise<Outcome<unknown>> {
      return Promise.reject(error)
    }
  }
  const controller = new AbortController()
  const interruption = ending === null ? null : new Interruption(ending)
  if (interruption !== null) controller.abort(interruption)
  const documents: unknown[] = []
  const host: Host = {
    version: '1.0.0',
    json: true,
    streams: {
      writeResult: () => undefined,
      writeJson: (document) => documents.push(document),
      writeNote: () => undefined,
      readerGone: new AbortController().signal,
      flush: () => Promise.resolve(),
    },
    signals: {
      signal: controller.signal,
      interruption: () => interruption,
      onLeaving: () => undefined,
    },
    redactor: createRedactor(),
  }
  const config = new Config({ root: process.cwd() })
  const exitCode = await new Failing([], config).perform(host)
  return { exitCode, ...(documents[0] as Pick<Told, 'error'>) }
}

const LONG_MS = 2 ** 31 - 1
const unreachable = new OperatorError({
  code: 'CLUSTER_UNREACHABLE',
  message: 'nobody answers',
  nextSteps: ['klinic reassign resume x'],
  exit: 'unreachable',
})
const stopped = new OperatorError({ code: 'INTERRUPTED', message: 'Stopped.', exit: 'interrupted' })

describe('a command that fails after a signal', () => {
  it('while it finishes what is under way says what went wrong, and the way on', async () => {
    const told = await failAfter('SIGTERM', unreachable, LONG_MS)
    expect(told).toMatchObject({
      exitCode: 69,
      error: { code: 'CLUSTER_UNREACHABLE', nextSteps: ['klinic reassign resume x'] },
    })
  })

  it('with an error that nobody knows says that, too', async () => {
    const told = await failAfter('SIGINT', new TypeError('no such thing'), LONG_MS)
    expect(told).toMatchObject({ exitCode: 1, error: { code: 'UNEXPECTED' } })
  })

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s, and had nothing to finish, ends with %d', async (ending, exitCode) => {
    expect(await failAfter(ending, stopped, LONG_MS)).toMatchObject({
      exitCode,
      error: { code: 'INTERRUPTED' },
    })
    expect(await failAfter(ending, new Interruption(ending), LONG_MS)).toMatchObject({ exitCode })
    expect(await failAfter(ending, unreachable)).toMatchObject({ exitCode })
  })

  it('ends with 130 when it was stopped by a key', async () => {
    expect(await failAfter(null, stopped)).toMatchObject({ exitCode: 130 })
  })
})
