/** Flags that must be given on the command line, so that a forgotten export cannot answer for the operator. */
const NEVER_FROM_ENVIRONMENT: ReadonlySet<string> = new Set(['confirm', 'plan-sha256'])

/** `KLINIC_BOOTSTRAP_SERVER` for `bootstrap-server`; null for flags that the environment cannot set. */
export function environmentName(flag: string): string | null {
  if (NEVER_FROM_ENVIRONMENT.has(flag)) return null
  return `KLINIC_${flag.toUpperCase().replaceAll('-', '_')}`
}
