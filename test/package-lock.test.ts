import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'
import { z } from 'zod'

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
  ),
})

/**
 * A registry that lacks one platform's build of an optional package makes `npm install` leave it out of the lock file
 * without a word, and `npm ci` then refuses to install anything on any machine.
 */
it('names every optional package in the lock file, without which npm ci refuses to install', () => {
  const lock = Lock.parse(
    JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')),
  )
  const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      (name) =>
        lock.packages[`node_modules/${name}`] === undefined &&
        lock.packages[`${path}/node_modules/${name}`] === undefined,
    ),
  )
  expect(Object.keys(lock.packages).length).toBeGreaterThan(100)
  expect(missing).toEqual([])
})
