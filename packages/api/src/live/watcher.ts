import type { ServerResponse } from 'node:http'
import { constants, createGzip } from 'node:zlib'

/** A server-sent event as bytes. */
export function eventBytes(event: string, id: string, data: string, retryMs?: number): Buffer {
  const retry = retryMs === undefined ? '' : `retry: ${retryMs}\n`
  // The JSON has no line breaks, so one `data` line is enough.
  return Buffer.from(`id: ${id}\nevent: ${event}\n${retry}data: ${data}\n\n`)
}

/** A comment. */
export const keepAlive = Buffer.from(': \n\n')

/**
 * A client with this many unread bytes is disconnected. The client can reconnect and send the id of the last event that
 * it received.
 */
const maxWaiting = 4 << 20

/** A response that stays open. If it is compressed, the client can read each event as soon as it arrives. */
export class Watcher {
  readonly #out

  constructor(
    private readonly response: ServerResponse,
    { zipped }: { readonly zipped: boolean },
  ) {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      // Proxies must not cache, change or buffer the stream.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      vary: 'accept-encoding',
      ...(zipped ? { 'content-encoding': 'gzip' } : {}),
    })
    response.flushHeaders()
    const gzip = zipped ? createGzip({ flush: constants.Z_SYNC_FLUSH }) : null
    gzip?.pipe(response).once('close', () => gzip.destroy())
    this.#out = gzip ?? response
  }

  get isOpen(): boolean {
    return !this.response.destroyed && !this.#out.writableEnded
  }

  send(bytes: Buffer): void {
    if (!this.isOpen) return
    if (this.response.writableLength + this.#out.writableLength > maxWaiting) this.response.destroy()
    else this.#out.write(bytes)
  }

  end(): void {
    if (this.isOpen) this.#out.end()
  }
}
