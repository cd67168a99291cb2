import { promptly } from '@driftfarm/answers'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { Routes } from '../context.ts'
import { promptMs } from '../guard/knownTokens.ts'
import type { Feed } from '../live/feed.ts'
import { Watcher } from '../live/watcher.ts'
import { refParams, yes } from '../shapes.ts'

/** What goes on, as server-sent events: `snapshot`, then `delta` for as long as something changes, then `end`. */
export const eventRoutes: Routes = (app, { desk, feeds }) => {
  app.get(
    '/sweeps/:ref/events',
    {
      config: { rateLimit: false },
      schema: {
        summary:
          'Server-sent: how it stands, and its cells as a map shows them; then what changes, twice a second at most.',
        params: refParams,
        querystring: z.object({ cells: yes.default(true).describe('false: how it stands alone.') }),
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const { id } = await promptly(() => desk().find(request.params.ref), promptMs)
      watch(request, reply, feeds.sweep(id, request.query.cells))
    },
  )

  app.get(
    '/events',
    {
      config: { rateLimit: false },
      schema: {
        summary: 'Server-sent: all sweeps and the farm; then what changes.',
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => watch(request, reply, feeds.everything()),
  )
}

/** Hands the response over to a feed. */
function watch({ headers, raw }: FastifyRequest, reply: FastifyReply, feed: Feed): void {
  reply.hijack()
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  const zipped = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))
  const watcher = new Watcher(reply.raw, { zipped })
  const seen = headers['last-event-id']
  raw.socket.setTimeout(0)
  reply.raw.once('close', () => feed.remove(watcher))
  feed.add(watcher, typeof seen === 'string' ? seen : null)
}
