/** The login of a `sasl.jaas.config` value: module class and options. */
export interface JaasLogin {
  readonly module: string
  readonly options: ReadonlyMap<string, string>
}

const SPACE = /\s/
const WORD = /[^\s=;"]/

/**
 * Reads `Module flag name="value" name=value;` in one pass over the text, each character looked at once. Returns null
 * when it is not of that form. Values in double quotes may hold `\"` and `\\`.
 */
export function parseJaas(text: string): JaasLogin | null {
  const scanner = { text, at: 0 }
  const module = readWord(scanner)
  const flag = readWord(scanner)
  if (module === '' || !/^(required|requisite|sufficient|optional)$/i.test(flag)) return null
  const options = new Map<string, string>()
  for (;;) {
    skipSpace(scanner)
    if (scanner.text[scanner.at] === ';') {
      scanner.at += 1
      skipSpace(scanner)
      return scanner.at === text.length ? { module, options } : null
    }
    const option = readOption(scanner)
    if (option === null) return null
    options.set(option.name, option.value)
  }
}

interface Scanner {
  readonly text: string
  at: number
}

function skipSpace(scanner: Scanner): void {
  while (SPACE.test(scanner.text[scanner.at] ?? '')) scanner.at += 1
}

function readWord(scanner: Scanner): string {
  skipSpace(scanner)
  const start = scanner.at
  while (WORD.test(scanner.text[scanner.at] ?? '')) scanner.at += 1
  return scanner.text.slice(start, scanner.at)
}

function readOption(scanner: Scanner): { name: string; value: string } | null {
  const name = readWord(scanner)
  skipSpace(scanner)
  if (name === '' || scanner.text[scanner.at] !== '=') return null
  scanner.at += 1
  skipSpace(scanner)
  const value = scanner.text[scanner.at] === '"' ? readQuoted(scanner) : readWord(scanner)
  return value === null ? null : { name, value }
}

function readQuoted(scanner: Scanner): string | null {
  const parts: string[] = []
  scanner.at += 1
  for (; scanner.at < scanner.text.length; scanner.at += 1) {
    const character = scanner.text[scanner.at] ?? ''
    if (character === '"') {
      scanner.at += 1
      return parts.join('')
    }
    if (character === '\\') scanner.at += 1
    parts.push(character === '\\' ? (scanner.text[scanner.at] ?? '') : character)
  }
  return null
}
