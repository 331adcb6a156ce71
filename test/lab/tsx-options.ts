import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** How a TypeScript file of the lab is run in a process of its own. */
export const tsxOptions = (): string[] => [
  '--import',
  pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
]
