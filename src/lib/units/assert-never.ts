/** Marks a branch that the types say cannot be reached; throws when data from outside proves them wrong. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`)
}
