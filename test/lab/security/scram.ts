import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import type { LabUser } from './credentials.js'

const ITERATIONS = 4096
const hash = (data: Buffer): Buffer => createHash('sha512').update(data).digest()
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha512', key).update(text).digest()
const saltPassword = (password: string, salt: Buffer, iterations: number): Buffer =>
  pbkdf2Sync(password, salt, iterations, 64, 'sha512')

/** A SCRAM-SHA-512 credential as Kafka keeps it in ZooKeeper (RFC 5802, section 3). */
export function scramCredential(password: string): string {
  const salt = randomBytes(16)
  const salted = saltPassword(password, salt, ITERATIONS)
  const stored = hash(hmac(salted, 'Client Key')).toString('base64')
  const server = hmac(salted, 'Server Key').toString('base64')
  const fields = [`salt=${salt.toString('base64')}`, `stored_key=${stored}`, `server_key=${server}`]
  return [...fields, `iterations=${ITERATIONS}`].join(',')
}

/** The client's side of one SCRAM-SHA-512 login; `exchange` sends a message and gives the answer. */
export async function scramLogin(
  user: LabUser,
  exchange: (message: Buffer) => Promise<Buffer>,
): Promise<void> {
  const nonce = randomBytes(18).toString('base64url')
  const clientFirst = `n=${user.username},r=${nonce}`
  const serverFirst = (await exchange(Buffer.from(`n,,${clientFirst}`))).toString('utf8')
  const fields = parseFields(serverFirst)
  const salt = Buffer.from(fields.get('s') ?? '', 'base64')
  const salted = saltPassword(user.password, salt, Number(fields.get('i')))
  const clientKey = hmac(salted, 'Client Key')
  const finalBare = `c=biws,r=${fields.get('r') ?? ''}`
  const message = `${clientFirst},${serverFirst},${finalBare}`
  const signature = hmac(hash(clientKey), message)
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)))
  const answer = await exchange(Buffer.from(`${finalBare},p=${proof.toString('base64')}`))
  const expected = hmac(hmac(salted, 'Server Key'), message).toString('base64')
  if (parseFields(answer.toString('utf8')).get('v') !== expected)
    throw new Error('the broker could not prove that it knows the password')
}

function parseFields(message: string): Map<string, string> {
  return new Map(
    message.split(',').map((field): [string, string] => [field.slice(0, 1), field.slice(2)]),
  )
}
