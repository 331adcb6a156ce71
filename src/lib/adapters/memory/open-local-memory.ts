import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

import * as z from 'zod'

import { OperatorError } from '../../errors/operator-error.js'
import { NO_MEMORY, type Memory, type RememberedBroker } from '../../health/memory/memory.js'
import type { LocalMemory } from '../../ports/local-memory.js'

const optional = z.exactOptional
const time = z.iso.datetime()
const sighting = z.strictObject({ since: time, lastSeen: time })

const brokerSchema: z.ZodType<RememberedBroker> = z.strictObject({
  id: z.int().min(0),
  host: optional(z.string()),
  port: optional(z.int()),
  rack: optional(z.string()),
  wellAt: optional(time),
  listeningAt: optional(time),
  returnedAt: optional(time),
  away: optional(sighting),
  silent: optional(sighting),
  behind: optional(sighting),
})

const memorySchema = z.strictObject({
  format: z.literal('klinic.memory/1'),
  brokers: z.array(brokerSchema),
})

/** How the directory is made: 0700 and of this user, or an OperatorError. */
type Prepare = (path: string) => Promise<void>

/** Memory as `<directory>/seen/<name of the cluster>.json`, mode 0600, each written beside and renamed into its place. */
export function openLocalMemory(
  directory: string,
  prepare: Prepare,
  fileName: (clusterId: string) => string,
): LocalMemory {
  const folder = join(directory, 'seen')
  const fileOf = (clusterId: string): string => join(folder, `${fileName(clusterId)}.json`)
  return {
    read: async (clusterId) => readMemory(fileOf(clusterId)),
    write: async (clusterId, memory) => {
      await prepare(directory)
      await prepare(folder)
      await replace(fileOf(clusterId), memory)
    },
  }
}

/** A file that is missing, damaged or of a newer Klinic is no memory: whatever it said is looked for anew. */
async function readMemory(path: string): Promise<Memory> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return NO_MEMORY
  try {
    const parsed = memorySchema.safeParse(JSON.parse(text))
    return parsed.success ? new Map(parsed.data.brokers.map((one) => [one.id, one])) : NO_MEMORY
  } catch {
    return NO_MEMORY
  }
}

async function replace(path: string, memory: Memory): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`
  const text = JSON.stringify({ format: 'klinic.memory/1', brokers: [...memory.values()] })
  try {
    const file = await open(beside, 'w', 0o600)
    try {
      await file.writeFile(`${text}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw new OperatorError({
      code: 'MEMORY_NOT_WRITTEN',
      message: `what was noticed could not be kept in ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      nextSteps: ['Check that the directory may be written, or set XDG_STATE_HOME.'],
      exit: 'failed',
      cause,
    })
  }
}
