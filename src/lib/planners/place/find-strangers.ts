import type { Finding } from '../../model/finding.js'

/** Blockers for ids that were named and that nobody in the cluster has. */
export function findStrangers(
  members: readonly { readonly id: number }[],
  named: readonly number[],
): readonly Finding[] {
  const known = new Set(members.map(({ id }) => id))
  return named
    .filter((id) => !known.has(id))
    .map((id) => ({
      code: 'UNKNOWN_BROKER',
      severity: 'blocker',
      subject: `broker ${id}`,
      message: `there is no broker ${id} in this cluster`,
      nextSteps: ['klinic cluster status'],
    }))
}
