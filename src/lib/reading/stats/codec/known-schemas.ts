import type { Schema } from 'avsc'
import { sampleSchema1 } from './sample-schema-1.js'

/** Every schema version that was ever published, oldest first; the last one is what we write and read into. */
export const knownSchemas: readonly Schema[] = [sampleSchema1]
