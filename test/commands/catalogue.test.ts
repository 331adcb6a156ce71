import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { beforeAll, describe, expect, it } from 'vitest'

import { readCatalogue } from '../../scripts/generated-files.js'
import { findCommandId, TOPICS, type CommandEntry } from '../../src/lib/cli/catalogue.js'
import { renderCommandHelp } from '../../src/lib/cli/help.js'
import { describeTunables } from '../../src/lib/config/keys.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
let commands: readonly CommandEntry[] = []

beforeAll(async () => {
  commands = Object.values(await readCatalogue(root))
}, 60_000)

/** What is wrong, one line each, so that a failure names every command concerned. */
const check = (find: (command: CommandEntry) => readonly string[]): readonly string[] =>
  commands.flatMap((command) => find(command).map((problem) => `${command.id}: ${problem}`))

const examplesOf = (command: CommandEntry): readonly string[] =>
  (command.examples ?? []).map((example) =>
    typeof example === 'string' ? example : example.command,
  )

describe('every command', () => {
  it('is read from the sources', () => {
    expect(commands.length).toBeGreaterThan(10)
  })

  it('has a summary in one line and at least one example', () => {
    const problems = check(({ summary = '', examples = [] }) => [
      ...(summary === '' || summary.length > 90 || summary.includes('\n') ? ['summary'] : []),
      ...(/^[a-z]/.test(summary) && !summary.endsWith('.')
        ? []
        : ['summary is no lower-case fragment']),
      ...(examples.length === 0 ? ['no example'] : []),
    ])
    expect(problems).toEqual([])
  })

  it('stands under a topic that the root help explains', () => {
    expect(
      check(({ id }) => ((id.split(':')[0] ?? '') in TOPICS || !id.includes(':') ? [] : ['topic'])),
    ).toEqual([])
  })

  it('shows defaults with their unit, in help that fills its lines', () => {
    const problems = check((command) => {
      const lines = renderCommandHelp(command).split('\n')
      const bare = lines.filter((line) => /\(default \d{4,}(ms)?\)/.test(line))
      const broken = lines.filter((line, index) => {
        const next = lines[index + 1] ?? ''
        const text = /^\S/.test(line) && /^\S/.test(next) && line !== line.toUpperCase()
        return text && `${line} ${next.split(' ')[0] ?? ''}`.length <= 60
      })
      return [...bare, ...broken]
    })
    expect(problems).toEqual([])
  })

  it('has examples that name it and flags that it has', () => {
    const ids = new Set(commands.map((command) => command.id))
    const problems = check((command) =>
      examplesOf(command).flatMap((example) => {
        // What stands behind a pipe, or behind `--`, is of another program.
        const words = example.replace(/\s([|>&]|--\s).*$/, '').split(/\s+/)
        const found = findCommandId(words.slice(1), ids)
        const flags = words
          .filter((word) => word.startsWith('--'))
          .map((word) => word.slice(2).split('=')[0] ?? '')
        return [
          ...(words[0] === 'klinic' && found?.id === command.id
            ? []
            : [`example is of another command: ${example}`]),
          ...flags
            .filter((flag) => !(flag in command.flags))
            .map((flag) => `no flag --${flag}: ${example}`),
        ]
      }),
    )
    expect(problems).toEqual([])
  })

  it('explains each flag in one line, long names in lower case', () => {
    const problems = check((command) =>
      Object.values(command.flags).flatMap((flag) => [
        ...(/^[a-z][a-z0-9-]*$/.test(flag.name) ? [] : [`--${flag.name}`]),
        ...((flag.summary ?? '').length > 5 ? [] : [`--${flag.name} has no summary`]),
      ]),
    )
    expect(problems).toEqual([])
  })

  it('gives a flag of the same name the same type and short form as every other command', () => {
    const seen = new Map<string, string>()
    const problems = check((command) =>
      Object.values(command.flags).flatMap((flag) => {
        const form = `${flag.type} ${flag.char ?? ''}`
        const known = seen.get(flag.name) ?? form
        seen.set(flag.name, known)
        return known === form ? [] : [`--${flag.name} is ${form}, elsewhere ${known}`]
      }),
    )
    expect(problems).toEqual([])
  })

  it('takes at most one argument beside its flags', () => {
    expect(check(({ args }) => (Object.keys(args).length > 2 ? ['arguments'] : []))).toEqual([])
  })

  it('fits its help into 110 columns', () => {
    const problems = check((command) =>
      renderCommandHelp(command)
        .split('\n')
        .filter((line) => line.length > 110 && !line.startsWith('  $ ')),
    )
    expect(problems).toEqual([])
  })
})

describe('flags that stand for a key of klinic.yaml', () => {
  it('are options wherever a command has them', () => {
    const names = new Set(describeTunables().flatMap((key) => key.flag ?? []))
    const problems = check((command) =>
      Object.values(command.flags)
        .filter((flag) => names.has(flag.name) && flag.type !== 'option')
        .map((flag) => `--${flag.name}`),
    )
    expect(problems).toEqual([])
  })
})
