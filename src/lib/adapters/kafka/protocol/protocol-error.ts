/** Bytes that do not follow the Kafka protocol: truncated, lying lengths, bytes left over. Never shown as a stack. */
export class ProtocolError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ProtocolError'
  }
}
