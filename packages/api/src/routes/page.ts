import fastifyStatic from '@fastify/static'
import { pageFolder } from '@driftfarm/farm'
import type { App } from '../context.ts'

/** The page: files that hold nothing of the farm, so that whoever has no token yet can sign in. */
export async function pageRoutes(app: App): Promise<void> {
  const root = pageFolder()
  if (root === null) {
    app.get('/', { config: { role: 'anyone' }, schema: { hide: true } }, async (_, reply) =>
      reply.type('text/plain; charset=utf-8').send('The page was not built. The API is at /api/v1.\n'),
    )
    return
  }
  await app.register(fastifyStatic, {
    root,
    // Every file is known when the server begins: there is no way to another.
    wildcard: false,
    index: ['index.html'],
    setHeaders: (reply, path) =>
      reply.header('cache-control', /\/assets\/|\/kernels\//.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
  })
}
