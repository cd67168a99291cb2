import type { FastifyRequest } from 'fastify'

/** A signal that aborts if the client closes its connection before it has the answer. */
export function disconnectSignal({ socket }: Pick<FastifyRequest, 'socket'>): AbortSignal {
  const controller = new AbortController()
  socket.once('close', () => controller.abort(new Error('the client closed the connection')))
  return controller.signal
}
