import { EXIT_CODES, exitCodeTable, type ExitName } from '../errors/exit-codes.js'
import { TOPICS, type Catalogue, type CommandEntry, type FlagEntry } from './catalogue.js'
import { environmentName } from './environment-name.js'

const WIDTH = 100
const EVERY_COMMAND: readonly ExitName[] = [
  'done',
  'failed',
  'usage',
  'badConfig',
  'hangup',
  'interrupted',
  'terminated',
]
const CONNECTED: readonly ExitName[] = ['unreachable', 'notAuthorised']
/** Groups that stand last; a command's own ones come before them, in the order of its flags. */
const LAST_GROUPS = ['CONNECTION', 'COMMON']

type Row = readonly [string, string]

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** Fills each paragraph anew; a blank line parts two, and an indented line stays as it is. */
function wrapText(text: string): string {
  const paragraphs: string[] = []
  let open = false
  for (const line of text.trim().split('\n')) {
    const joins = open && /^\S/.test(line)
    if (joins) paragraphs.push(`${paragraphs.pop() ?? ''} ${line.trim()}`)
    else paragraphs.push(line.trimEnd())
    open = /^\S/.test(line)
  }
  return paragraphs
    .flatMap((line) => (line.length > WIDTH && /^\S/.test(line) ? wrap(line, WIDTH) : [line]))
    .join('\n')
}

function list(rows: readonly Row[]): string {
  const first = Math.min(34, Math.max(...rows.map(([name]) => name.length)))
  return rows
    .map(([name, text]) => {
      const [head = '', ...more] = wrap(text, WIDTH - first - 4)
      const indent = ' '.repeat(first + 4)
      const start =
        name.length > first ? `  ${name}\n${indent}${head}` : `  ${name.padEnd(first)}  ${head}`
      return [start, ...more.map((line) => indent + line)].join('\n').trimEnd()
    })
    .join('\n')
}

const section = (title: string, body: string): string => `${title}\n${body}`
const words = (id: string): string => id.replaceAll(':', ' ')

function flagRow(flag: FlagEntry): Row {
  const long = `--${flag.name}`
  const value = flag.type === 'option' ? ` ${(flag.options ?? ['VALUE']).join('|')}` : ''
  const label = `${flag.char === undefined ? '   ' : `-${flag.char},`} ${long}${value}`
  const notes = [
    flag.summary ?? flag.description ?? '',
    flag.required === true ? '(required)' : '',
    flag.multiple === true ? '(may be given several times)' : '',
    typeof flag.default === 'string' || typeof flag.default === 'number'
      ? `(default ${flag.default})`
      : '',
  ]
  return [label, notes.filter((note) => note !== '').join(' ')]
}

function exitRows(command: CommandEntry): readonly Row[] {
  const connected = 'cluster' in command.flags ? CONNECTED : []
  const names = new Set<string>([...EVERY_COMMAND, ...connected, ...(command.exitCodes ?? [])])
  return exitCodeTable
    .filter((row) => names.has(row.name))
    .map((row) => [String(row.code), row.meaning])
}

/** Help for one command: what it does, examples first, flags by group, exit codes, environment. */
export function renderCommandHelp(command: CommandEntry): string {
  const flags = Object.values(command.flags).filter((flag) => flag.hidden !== true)
  const args = Object.values(command.args)
  const usage = args.map((arg) => {
    const name = arg.name.toUpperCase()
    return arg.required === true ? ` ${name}` : ` [${name}]`
  })
  const examples = (command.examples ?? []).map((example) =>
    typeof example === 'string'
      ? `  $ ${example}`
      : `  ${example.description}\n  $ ${example.command}`,
  )
  const own = flags.map((flag) => flag.helpGroup ?? 'FLAGS')
  const names = ['FLAGS', ...own.filter((group) => !LAST_GROUPS.includes(group)), ...LAST_GROUPS]
  const groups = [...new Set(names)].flatMap((group) => {
    const members = flags.filter((flag) => (flag.helpGroup ?? 'FLAGS') === group)
    return members.length === 0 ? [] : [section(group, list(members.map(flagRow)))]
  })
  const variables = flags.flatMap((flag) => flag.env ?? environmentName(flag.name) ?? [])
  const environment = wrap(variables.join(', '), WIDTH - 2).map((line) => `  ${line}`)
  return [
    command.summary ?? '',
    section('USAGE', `  $ klinic ${words(command.id)}${usage.join('')} [flags]`),
    examples.length === 0 ? '' : section('EXAMPLES', examples.join('\n')),
    wrapText(command.description ?? ''),
    args.length === 0
      ? ''
      : section(
          'ARGUMENTS',
          list(args.map((arg) => [arg.name.toUpperCase(), arg.description ?? ''])),
        ),
    ...groups,
    section('EXIT CODES', list(exitRows(command))),
    section('ENVIRONMENT (each sets the flag of its name)', environment.join('\n')),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function commandRows(catalogue: Catalogue, topic: string): readonly Row[] {
  return Object.values(catalogue)
    .filter((command) => command.hidden !== true && command.id.startsWith(`${topic}:`))
    .map((command) => [words(command.id), command.summary ?? ''])
}

/** Help for a topic: its commands. */
export function renderTopicHelp(catalogue: Catalogue, topic: string): string {
  return [
    `klinic ${topic}: ${TOPICS[topic] ?? ''}`,
    section('COMMANDS', list(commandRows(catalogue, topic))),
    `klinic ${topic} COMMAND --help tells more.`,
  ].join('\n\n')
}

/** Help for `klinic` alone: topics and single commands, where to begin. */
export function renderRootHelp(catalogue: Catalogue, version: string): string {
  const present = (topic: string): boolean => commandRows(catalogue, topic).length > 0
  const topics = Object.entries(TOPICS).filter(([topic]) => present(topic))
  const single = Object.values(catalogue).filter(
    (command) => command.hidden !== true && !command.id.includes(':'),
  )
  return [
    `klinic ${version}: measure, heal, balance and restart Apache Kafka clusters`,
    section(
      'EXAMPLES',
      [
        '  $ klinic cluster status --bootstrap-server localhost:9092',
        '  $ klinic balance plan --bootstrap-server localhost:9092 --observe 60s --output plan.json',
        '  $ klinic reassign execute plan.json --bootstrap-server localhost:9092',
      ].join('\n'),
    ),
    topics.length === 0 ? '' : section('TOPICS', list(topics)),
    single.length === 0
      ? ''
      : section('COMMANDS', list(single.map(({ id, summary }) => [id, summary ?? '']))),
    '  klinic TOPIC --help           the commands of a topic\n' +
      '  klinic help exit-codes        what the exit codes mean\n' +
      '  klinic --version',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** The exit code table for people. */
export function renderExitCodes(): string {
  const rows = exitCodeTable.map((row): Row => [String(row.code), row.meaning])
  return section(`EXIT CODES (${Object.keys(EXIT_CODES).length})`, list(rows))
}
