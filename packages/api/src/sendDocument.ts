import { once } from 'node:events'
import { Readable } from 'node:stream'
import { type DocumentData, documentJson, type documents, envelope, type Pieces } from '@driftfarm/report'
import type { FastifyReply } from 'fastify'
import type { ConcurrencyLimit } from './concurrencyLimit.ts'

type Kind = keyof typeof documents

/** Answers with the document that `--json` prints, or with data that no command prints, in the same envelope. */
export function sendDocument<K extends string>(
  reply: FastifyReply,
  kind: K,
  data: K extends Kind ? DocumentData<K> : unknown,
  { status = 200, warnings = [] }: { readonly status?: number; readonly warnings?: readonly string[] } = {},
): FastifyReply {
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(`${documentJson(envelope(kind, data, warnings))}\n`)
}

/** A client that reads nothing for this many ms is disconnected, because its answer keeps a database snapshot open. */
const patienceMs = 30_000

/**
 * Streams text or bytes as fast as the client reads them. `make` is called when this answer's turn comes, and must pass
 * the pieces to `send`. The promise from `send` resolves when all pieces have been sent, so `make` can hold resources
 * until then.
 */
export async function stream(
  reply: FastifyReply,
  type: string,
  turns: ConcurrencyLimit,
  make: (send: (pieces: Pieces | AsyncIterable<Uint8Array>) => Promise<void>) => Promise<void>,
): Promise<FastifyReply> {
  const end = await turns.acquire()
  let begun = false
  const made = new Promise<FastifyReply>((resolve, reject) => {
    const send = async (pieces: Pieces | AsyncIterable<Uint8Array>): Promise<void> => {
      const source = Readable.from(bytesOf(pieces), { objectMode: false, highWaterMark: 1 << 16 })
      const { socket } = reply.raw
      const letGo = (): void => void socket?.destroy()
      socket?.setTimeout(patienceMs)
      socket?.once('timeout', letGo)
      begun = true
      resolve(reply.type(type).send(source))
      await once(source, 'close')
      socket?.removeListener('timeout', letGo)
      socket?.setTimeout(0)
    }
    make(send)
      .catch((error: unknown) => {
        if (!begun) reject(error)
        else reply.log.warn({ err: error }, 'a response was cut off')
      })
      .finally(end)
  })
  return made
}

/** Joins pieces into buffers of about 64 kB, so that they are compressed and sent in fewer calls. */
async function* bytesOf(pieces: Pieces | AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let length = 0
  for await (const piece of pieces as AsyncIterable<string | Uint8Array>) {
    const bytes =
      typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    held.push(bytes)
    length += bytes.length
    if (length < 1 << 16) continue
    yield Buffer.concat(held)
    held = []
    length = 0
  }
  if (length > 0) yield Buffer.concat(held)
}
