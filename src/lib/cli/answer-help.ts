import { EXIT_CODES } from '../errors/exit-codes.js'
import { OperatorError } from '../errors/operator-error.js'
import { findCommandId, type Catalogue } from './catalogue.js'
import { renderCommandHelp, renderExitCodes, renderRootHelp, renderTopicHelp } from './help.js'
import type { Host } from './host.js'

const wordsOf = (argv: readonly string[]): readonly string[] => {
  const words = argv[0] === 'help' ? argv.slice(1) : argv
  const firstFlag = words.findIndex((word) => word.startsWith('-'))
  return firstFlag === -1 ? words : words.slice(0, firstFlag)
}

const isTopic = (catalogue: Catalogue, word: string | undefined): word is string =>
  word !== undefined && Object.keys(catalogue).some((id) => id.startsWith(`${word}:`))

/** Answers `--help`, `-h` and `help`: on stdout, exit 0, unless the command asked about does not exist. */
export async function answerHelp(
  argv: readonly string[],
  catalogue: Catalogue,
  host: Host,
): Promise<number> {
  const words = wordsOf(argv)
  const found = findCommandId(words, new Set(Object.keys(catalogue)))
  const command = found === null ? undefined : catalogue[found.id]
  const topic = words[0]
  const say = (text: string): number => {
    host.streams.writeResult(text, false)
    return EXIT_CODES.done
  }
  if (command !== undefined) return say(renderCommandHelp(command))
  if (topic === undefined) return say(renderRootHelp(catalogue, host.version))
  if (topic === 'exit-codes') return say(renderExitCodes())
  if (isTopic(catalogue, topic) && words.length === 1) return say(renderTopicHelp(catalogue, topic))
  return answerUnknown(argv, catalogue, host)
}

/** A topic alone gets its help on stderr; anything else a suggestion. Nothing is run, nothing is asked: exit 64. */
export async function answerUnknown(
  argv: readonly string[],
  catalogue: Catalogue,
  host: Host,
): Promise<number> {
  const words = wordsOf(argv)
  const topic = words[0]
  if (words.length === 1 && isTopic(catalogue, topic) && !host.json) {
    host.streams.writeNote(renderTopicHelp(catalogue, topic))
    return EXIT_CODES.usage
  }
  const { suggest } = await import('../units/suggest.js')
  const typed = words.slice(0, 2).join(' ')
  const known = Object.values(catalogue).filter((command) => command.hidden !== true)
  const near = suggest(
    typed,
    known.map((command) => command.id.replaceAll(':', ' ')),
  )
  const help = isTopic(catalogue, topic) ? `klinic ${topic} --help` : 'klinic --help'
  throw new OperatorError({
    code: 'UNKNOWN_COMMAND',
    message: describeUnknown(words, argv),
    nextSteps: near === null ? [help] : [`klinic ${near}   (did you mean this?)`, help],
    exit: 'usage',
  })
}

function describeUnknown(words: readonly string[], argv: readonly string[]): string {
  if (words.length === 0) return `flags stand behind the command, not before it: ${argv[0] ?? ''}`
  if (words.length === 1) return `klinic ${words[0] ?? ''} is not a command`
  return `klinic ${words.slice(0, 2).join(' ')} is not a command`
}
