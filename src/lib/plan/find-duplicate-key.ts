const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs

/** Unescapes a JSON string token; two spellings of one key are one key. */
function unquote(token: string): string {
  const value: unknown = token.includes('\\') ? JSON.parse(token) : token.slice(1, -1)
  return String(value)
}

/**
 * The first key that an object of the text has twice, or null. JSON.parse silently takes the last one: in a document
 * that moves data that is no answer. The text must be valid JSON.
 */
export function findDuplicateKey(text: string): string | null {
  const open: (Set<string> | null)[] = []
  let previous = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(null)
    else if (token === '}' || token === ']') open.pop()
    else if (token === ':') {
      const keys = open.at(-1)
      const key = unquote(previous)
      if (keys?.has(key) === true) return key
      keys?.add(key)
    }
    previous = token
  }
  return null
}
