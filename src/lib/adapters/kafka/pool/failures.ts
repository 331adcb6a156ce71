import { BrokerRequestError } from './broker-request-error.js'

/** So many that answer, and do not let us in or do not know the request: the others would say the same. */
const MAX_REFUSALS = 3
/** So many that took a request and are silent: what they wait for, as for the controller, the others would wait for too. */
export const MAX_SILENT = 3

/** The single errors of what has failed. */
export function errorsOf(error: unknown): unknown[] {
  if (!(error instanceof AggregateError)) return [error]
  const { errors }: { readonly errors: readonly unknown[] } = error
  return [...errors]
}

/** Brokers that can be reached and refuse, all of them or so many that the others would do the same. */
export function areRefusals(errors: readonly unknown[]): boolean {
  const refusals = errors.filter(
    (error) =>
      !(error instanceof BrokerRequestError) ||
      (error.code !== 'UNREACHABLE' && error.code !== 'TIMED_OUT'),
  )
  return refusals.length >= MAX_REFUSALS
}

/** How many brokers took a request over an open connection and did not answer it. */
export function countSilent(errors: readonly unknown[]): number {
  return errors.filter(
    (error) => error instanceof BrokerRequestError && error.code === 'TIMED_OUT' && error.sent,
  ).length
}

/** Nobody was out of reach, or enough were asked: looking for other brokers would find none that knows more. */
export function isSilence(errors: readonly unknown[]): boolean {
  const silent = countSilent(errors)
  return silent >= MAX_SILENT || (silent > 0 && silent === errors.length)
}
