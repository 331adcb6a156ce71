import { writeFile } from 'node:fs/promises'

import { usualPlaces } from '../config/find-file.js'
import { describeConfig, type ConfigOverview } from '../config/overview.js'
import { loadConfigFile, describeCluster } from '../config/resolve-cluster.js'
import { renderTemplate, type TemplateCluster } from '../config/template.js'
import { OperatorError } from '../errors/operator-error.js'
import type { ContextInput } from './read-context.js'

export type { ConfigOverview } from '../config/overview.js'

/** What `config validate` found right. */
export interface ConfigVerdict {
  readonly file: string
  readonly clusters: readonly string[]
  readonly valid: true
}

/** What `config init` did: the text, and the file it went to, if any. */
export interface ConfigTemplate {
  readonly file: string | null
  readonly text: string
}

const choiceOf = (input: ContextInput) => ({ ...input, env: process.env, cwd: process.cwd() })

/** Checks the configuration file with the environment upon it; throws exit 78 and names each problem. */
export async function validateConfig(input: ContextInput): Promise<ConfigVerdict> {
  const choice = choiceOf(input)
  const file = await loadConfigFile(choice)
  if (file === null) {
    throw new OperatorError({
      code: 'CONFIG_NOT_FOUND',
      message: `there is no configuration file: ${usualPlaces(choice).join(', ')}`,
      nextSteps: ['klinic config init --output klinic.yaml'],
      exit: 'badConfig',
    })
  }
  const clusters = Object.keys(file.raw.clusters ?? {}).sort()
  for (const name of clusters) describeCluster(name, file, choice.env)
  return { file: file.path, clusters, valid: true }
}

/** Every key that holds for the chosen cluster, with its origin. */
export function showConfig(input: ContextInput): Promise<ConfigOverview> {
  return describeConfig(choiceOf(input))
}

/** The commented template; written to `output` where given, and never over a file that exists. */
export async function initConfig(
  cluster: TemplateCluster,
  output: string | undefined,
): Promise<ConfigTemplate> {
  const text = renderTemplate(cluster)
  if (output === undefined) return { file: null, text }
  try {
    await writeFile(output, text, { flag: 'wx', mode: 0o644 })
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    throw new OperatorError({
      code: exists ? 'FILE_EXISTS' : 'CANNOT_WRITE',
      message: exists ? `${output} exists and was left as it is` : `${output} cannot be written`,
      nextSteps: exists ? ['klinic config init --output ANOTHER-FILE'] : [],
      exit: exists ? 'usage' : 'failed',
      cause: error,
    })
  }
  return { file: output, text }
}
