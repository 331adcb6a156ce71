import { parseLines } from 'dot-properties'
import { z } from 'zod'

/** Property names in the order of first appearance; the last value of a name counts. */
export type Properties = ReadonlyMap<string, string>

/** Names that only librdkafka's configuration has. */
const LIBRDKAFKA_ONLY = [
  'sasl.mechanisms',
  'sasl.username',
  'sasl.password',
  'ssl.ca.location',
  'ssl.ca.pem',
  'ssl.certificate.location',
  'ssl.certificate.pem',
  'ssl.key.location',
  'ssl.key.pem',
  'metadata.broker.list',
  'enable.ssl.certificate.verification',
  'sasl.oauthbearer.method',
  'sasl.oauthbearer.client.id',
  'sasl.oauthbearer.client.secret',
]

/**
 * Client properties of either kind. Java's are ISO-8859-1 with escapes and continued lines (java.util.Properties);
 * librdkafka's are plain `name=value` lines in UTF-8, where a backslash is a backslash, or a JSON object (kafka_roller).
 */
export function parseClientProperties(bytes: Uint8Array): {
  readonly kind: 'java' | 'librdkafka'
  readonly properties: Properties
} {
  const json = parseJsonObject(bytes)
  if (json !== null) return { kind: 'librdkafka', properties: json }
  const plain = parsePlainLines(new TextDecoder().decode(bytes))
  if (LIBRDKAFKA_ONLY.some((name) => plain.has(name))) {
    return { kind: 'librdkafka', properties: plain }
  }
  return { kind: 'java', properties: parseJava(Buffer.from(bytes).toString('latin1')) }
}

/** Null when it is no JSON object of texts, numbers, true and false. */
function parseJsonObject(bytes: Uint8Array): Properties | null {
  const text = new TextDecoder().decode(bytes).trim()
  if (!text.startsWith('{')) return null
  const parsed = jsonProperties.safeParse(readJson(text))
  if (!parsed.success) return null
  return new Map(Object.entries(parsed.data).map(([name, value]) => [name, String(value)]))
}

const jsonProperties = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function parsePlainLines(text: string): Properties {
  const properties = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim()
    const split = trimmed.indexOf('=')
    if (trimmed.startsWith('#') || split <= 0) continue
    properties.set(trimmed.slice(0, split).trim(), trimmed.slice(split + 1).trim())
  }
  return properties
}

/** Carriage returns end a line for Java too, which dot-properties does not know behind a backslash. */
function parseJava(text: string): Properties {
  const properties = new Map<string, string>()
  for (const line of parseLines(text.replace(/\r\n?/g, '\n'))) {
    if (Array.isArray(line)) properties.set(line[0] ?? '', line[1] ?? '')
  }
  return properties
}
