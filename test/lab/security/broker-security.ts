import type { LabLayout } from '../options.js'

/** Server properties of a secured lab. */
export function securityProperties(lab: LabLayout): Record<string, string | number> {
  return { 'super.users': `User:${lab.clusterId}` }
}
