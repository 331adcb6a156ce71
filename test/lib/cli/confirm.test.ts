import { describe, expect, it } from 'vitest'

import { confirmByName } from '../../../src/lib/cli/confirm.js'

const wanted = {
  what: 'move 12 replicas',
  clusterName: 'prod',
  clusterId: '7XkQm2yWQpqv3sJ1b0cNrA',
}

describe('a confirmation', () => {
  it.each(['prod', '7XkQm2yWQpqv3sJ1b0cNrA'])('passes with --confirm %s', async (confirm) => {
    await expect(confirmByName({ ...wanted, confirm }, false)).resolves.toBeUndefined()
  })

  it.each(['Prod', 'prod ', '', 'yes'])(
    'does not pass with --confirm %j, and says nothing was changed',
    async (confirm) => {
      await expect(confirmByName({ ...wanted, confirm }, true)).rejects.toMatchObject({
        exit: 'usage',
        message: expect.stringContaining('Nothing was changed') as unknown,
      })
    },
  )

  it('names the flag where nobody can be asked', async () => {
    await expect(confirmByName(wanted, false)).rejects.toMatchObject({
      exit: 'usage',
      nextSteps: ['the same command with --confirm prod'],
    })
  })

  it('wants the id where the cluster has no name', async () => {
    const unnamed = { what: 'move', clusterId: wanted.clusterId, confirm: 'prod' }
    await expect(confirmByName(unnamed, false)).rejects.toThrow(wanted.clusterId)
  })
})
