const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs

/** Unescapes a JSON string token; two spellings of one key are one key. */
function unquote(token: string): string {
  const value: unknown = token.includes('\\') ? JSON.parse(token) : token.slice(1, -1)
  return String(value)
}

/**
 * What is wrong with the first bad key of the text, or null: one that an object has twice (JSON.parse silently takes the
 * last: in a document that moves data that is no answer), or `__proto__`. The text must be valid JSON.
 */
export function findBadKey(text: string): string | null {
  const open: (Set<string> | null)[] = []
  let previous = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(null)
    else if (token === '}' || token === ']') open.pop()
    else if (token === ':') {
      const keys = open.at(-1)
      const key = unquote(previous)
      if (key === '__proto__') return 'the key "__proto__" may not stand in it'
      if (keys?.has(key) === true)
        return `the key ${JSON.stringify(key)} stands twice in one object`
      keys?.add(key)
    }
    previous = token
  }
  return null
}
