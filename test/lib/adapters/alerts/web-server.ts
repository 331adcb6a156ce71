import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What one request gets. */
export type Answer = (response: ServerResponse) => void

/** What a request said. */
export interface Posted {
  readonly method: string
  readonly path: string
  readonly type: string
  readonly body: unknown
}

/** Answers with a status and nothing else. */
export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end('answer')

/** Takes the request and never answers. */
export const silence: Answer = () => undefined

async function read(request: IncomingMessage): Promise<Posted> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    type: request.headers['content-type'] ?? '',
    body: JSON.parse(Buffer.concat(chunks).toString('utf8')),
  }
}

/** A web server that gives these answers one after the other, the last of them for ever. */
export async function startWebServer(answers: readonly Answer[]): Promise<{
  readonly url: string
  readonly posted: readonly Posted[]
  close(): Promise<void>
}> {
  const posted: Posted[] = []
  const server = createServer((request, response) => {
    void read(request).then((said) => {
      posted.push(said)
      const answer = answers[Math.min(posted.length, answers.length) - 1]
      answer?.(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hooks/T0P-5ECRET`,
    posted,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
