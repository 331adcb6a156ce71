export type Properties = Readonly<Record<string, string | number>>

/** Java properties text; values of the lab hold nothing that needs escaping but backslashes. */
export function toProperties(values: Properties): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${String(value).replaceAll('\\', '\\\\')}\n`)
    .join('')
}
