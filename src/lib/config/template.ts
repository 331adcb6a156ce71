import { stringify } from 'yaml'

import { describeKeys, type KeyDescription } from './keys.js'
import { variableOf } from './settings.js'

/** What the one live cluster of the template is called and where it is. */
export interface TemplateCluster {
  readonly name: string
  readonly bootstrapServers: readonly string[]
}

const HEADER = `# klinic.yaml: found as ./klinic.yaml, ~/.config/klinic/klinic.yaml or /etc/klinic/klinic.yaml, or named by --config.
# Every key that Klinic knows is here. A line that starts with '#' and a key shows the default or an example: take the '#'
# away to set it. Command line > environment > this file > built in. \`klinic config validate\` checks it.
# Secrets are never written here but referred to: {file: PATH} (mode 0600), {env: NAME}, {command: [PROGRAM, ARGUMENT]}
# or prompt.
`

/** The file that \`klinic config init\` writes: every key with its explanation; valid as it is, and uncommented. */
export function renderTemplate(cluster: TemplateCluster): string {
  const keys = describeKeys()
  const of = (head: string): readonly KeyDescription[] => keys.filter((key) => key.path[0] === head)
  const clusterKeys = of('clusters').filter((key) => !isTunable(key, keys))
  const lines = [
    HEADER,
    ...of('defaultCluster').flatMap((key) => keyLines(key, key.path)),
    '',
    '# What holds for every cluster; each of these keys may also stand in a cluster, which then differs.',
    '#defaults:',
    ...treeLines(of('defaults'), 1),
    '',
    'clusters:',
    `  ${stringify(cluster.name).trim()}:`,
    ...treeLines(clusterKeys, 2, cluster.bootstrapServers),
    '    # ... and every key of `defaults`',
  ]
  return `${lines.join('\n')}\n`
}

const isTunable = (key: KeyDescription, all: readonly KeyDescription[]): boolean => {
  const path = key.path.slice(2).join('.')
  return all.some((other) => other.path[0] === 'defaults' && other.path.slice(1).join('.') === path)
}

function treeLines(
  keys: readonly KeyDescription[],
  skip: number,
  servers?: readonly string[],
): readonly string[] {
  const lines: string[] = []
  let open: string | undefined
  for (const key of keys) {
    const path = key.path.slice(skip)
    const group = path.length > 1 ? path[0] : undefined
    const indent = '  '.repeat(skip)
    if (group !== undefined && group !== open) lines.push(`#${indent}${group}:`)
    open = group
    const isServers = path[0] === 'bootstrapServers' && servers !== undefined
    lines.push(...keyLines(key, path, { indent, live: isServers ? servers : undefined }))
  }
  return lines
}

function keyLines(
  key: KeyDescription,
  path: readonly string[],
  options: { readonly indent?: string; readonly live?: unknown } = {},
): readonly string[] {
  const indent = (options.indent ?? '') + '  '.repeat(path.length - 1)
  const value = options.live ?? key.default ?? key.example
  const text = stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()
  const comment = options.live === undefined ? '#' : ''
  return [
    `${indent}# ${key.description}${remark(key)}`,
    `${comment}${indent}${path.at(-1) ?? ''}: ${text}`,
  ]
}

function remark(key: KeyDescription): string {
  const variable = variableOf(key)
  const notes = [
    ...(key.default === undefined ? [] : ['default shown']),
    ...(variable === null ? [] : [variable]),
  ]
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`
}
