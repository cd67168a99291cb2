import { pageFolder } from '@driftfarm/farm'
import fastifyStatic from '@fastify/static'
import type { App } from '../context.ts'

/** The page: files that hold nothing of the farm, so that whoever has no token yet can sign in. */
export async function pageRoutes(app: App): Promise<void> {
  const root = pageFolder()
  if (root === null) {
    app.get('/', { config: { role: 'guest' }, schema: { hide: true } }, async (_, reply) =>
      reply.type('text/plain; charset=utf-8').send('The page was not built. The API is at /api/v1.\n'),
    )
    return
  }
  await app.register(fastifyStatic, {
    root,
    // Every file is known when the server begins: there is no way to another.
    wildcard: false,
    index: ['index.html'],
    // The names of assets hold a hash of what is in them.
    setHeaders: (reply, path) =>
      reply.header('cache-control', /\/assets\//.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
  })
  // Addresses of the page stand behind `#`; who writes one without it is led there, under any path of a proxy.
  for (const view of ['/play', '/farm', '/new', '/sweeps/:ref'])
    app.get<{ Params: { ref?: string } }>(view, async ({ params, url }, reply) => {
      const { ref } = params
      const place = ref === undefined ? view : `/sweeps/${encodeURIComponent(ref)}`
      const search = url.includes('?') ? url.slice(url.indexOf('?')) : ''
      return reply.redirect(`${ref === undefined ? './' : '../'}#${place}${search}`)
    })
}
