// Writes test/lib/config/client-properties/java-properties.json: texts, and what java.util.Properties makes of them.
// Needs a JDK: node scripts/golden-properties/generate.js
import { Buffer } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, '../../test/lib/config/client-properties/java-properties.json')
const pieces = [
  'a b = : \t \f \\ \\\\ \\n \\t \\u00e9 \\u0041 \\: \\= # ! é ÿ \\q key value " ; \\u2028 \\f \\r'.split(
    ' ',
  ),
  [' ', '\n', '\r\n', '\r', '\\\n', '\\\r\n', '\\\n   ', '\\\\\n', '\\ ', 'password', 'x.y'],
].flat()

let state = 42
function random(below) {
  state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
  return state % below
}

// A continuation at the start of a logical line (nothing before the backslash) is the one form left out.
const isOdd = (text) => /(^|\n|\r)[ \t\f]*\\[\r\n]/.test(text) || text.endsWith('\\')
const folder = mkdtempSync(join(tmpdir(), 'klinic-golden-'))
const texts = []
while (texts.length < 400) {
  const text = Array.from({ length: 1 + random(14) }, () => pieces[random(pieces.length)]).join('')
  if (!isOdd(text) && !texts.includes(text)) texts.push(text)
}
const files = texts.map((text, index) => {
  const path = join(folder, String(index))
  writeFileSync(path, Buffer.from(text, 'latin1'))
  return path
})
const java = ['-Dfile.encoding=UTF-8', join(here, 'GoldenProperties.java'), ...files]
const blocks = execFileSync('java', java, { encoding: 'utf8' }).split('--\n')
const decode = (hex) =>
  (hex.slice(1).match(/.{4}/g) ?? [])
    .map((unit) => String.fromCharCode(parseInt(unit, 16)))
    .join('')
const cases = texts.map((text, index) => ({
  text,
  entries: blocks[index]
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ').map(decode)),
}))
writeFileSync(target, `${JSON.stringify(cases)}\n`)
