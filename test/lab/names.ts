/** Name under which the process of a broker is recorded. */
export const brokerName = (id: number): string => `broker-${id}`
