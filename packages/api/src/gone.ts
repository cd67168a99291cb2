import type { FastifyRequest } from 'fastify'

/** Is aborted when whoever asked has gone before the answer. */
export function goneSignal({ socket }: Pick<FastifyRequest, 'socket'>): AbortSignal {
  const controller = new AbortController()
  socket.once('close', () => controller.abort(new Error('whoever asked has gone')))
  return controller.signal
}
