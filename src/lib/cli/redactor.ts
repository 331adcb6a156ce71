/** Knows the secrets that were resolved in this run and takes them out of every output. */
export interface Redactor {
  /** Remembers a resolved secret; its exact value never leaves the process from here on. */
  readonly remember: (secret: string) => void
  readonly redact: (text: string) => string
  /** For text that is JSON already: secrets are looked for in their escaped form. */
  readonly redactJson: (json: string) => string
}

const MASK = '[redacted]'
/** Shorter values would blank out half of every table; they are never printed by key either. */
const SHORTEST = 4

/** An empty redactor; one for each run. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>()
  const replaceAll = (text: string, form: (secret: string) => string): string =>
    [...secrets]
      .sort((a, b) => b.length - a.length)
      .reduce((current, secret) => current.replaceAll(form(secret), MASK), text)
  return {
    remember: (secret) => {
      if (secret.length >= SHORTEST) secrets.add(secret)
    },
    redact: (text) => replaceAll(text, (secret) => secret),
    redactJson: (json) => replaceAll(json, (secret) => JSON.stringify(secret).slice(1, -1)),
  }
}
