import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { beforeEach, describe, expect, it } from 'vitest'

import { openLocalState } from '../../../../src/lib/adapters/alerts/local-state.js'

describe('what this host remembers of a cluster that does not answer', () => {
  let path = ''
  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), 'klinic-told-')), 'prod.told.json')
  })

  it('is nothing at first, and another process finds what one wrote', async () => {
    const store = openLocalState(path)
    expect(await store.read()).toEqual(new Map())
    await store.write(new Map([['alert/A/cluster', { kind: 'A' }]]))
    const found = await openLocalState(path).read()
    expect([...found.values()]).toEqual([
      { key: 'alert/A/cluster', value: { kind: 'A' }, writtenAtMs: 0 },
    ])
  })

  it('keeps what is not named, and forgets what is set to null', async () => {
    const store = openLocalState(path)
    await store.write(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    )
    await store.write(
      new Map<string, number | null>([
        ['a', null],
        ['c', 3],
      ]),
    )
    expect([...(await store.read()).keys()]).toEqual(['b', 'c'])
  })

  it('is for its owner alone, and no draft stays behind', async () => {
    await openLocalState(path).write(new Map([['a', 1]]))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(path, '..'))).toEqual(['prod.told.json'])
  })

  it.each(['', '{"a":', '[1, 2]', 'null'])(
    'counts for nothing when it cannot be read (%j), and is written anew',
    async (text) => {
      writeFileSync(path, text)
      const store = openLocalState(path)
      expect(await store.read()).toEqual(new Map())
      await store.write(new Map([['a', 1]]))
      expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ a: 1 })
    },
  )
})
