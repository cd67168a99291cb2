import { pageFolder } from '@driftfarm/farm'
import fastifyStatic from '@fastify/static'
import type { App } from '../context.ts'

/** The files of the page contain no data of the farm, so clients without a token may load these files to sign in. */
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
    // Registers a route for each file that exists at startup, so that no request can reach any other file.
    wildcard: false,
    index: ['index.html'],
    // The name of an asset contains a hash of its content, so browsers need not check it for changes.
    setHeaders: (reply, path) =>
      reply.header('cache-control', /\/assets\//.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
  })
  // In the page, the part of the address after `#` selects the view. Each of these routes redirects to the page
  // with its view selected: /farm, for example, to ./#/farm. The redirect is relative, so it works under any path of a
  // proxy.
  for (const view of ['/play', '/farm', '/new', '/sweeps/:ref'])
    app.get<{ Params: { ref?: string } }>(view, async ({ params, url }, reply) => {
      const { ref } = params
      const place = ref === undefined ? view : `/sweeps/${encodeURIComponent(ref)}`
      const search = url.includes('?') ? url.slice(url.indexOf('?')) : ''
      return reply.redirect(`${ref === undefined ? './' : '../'}#${place}${search}`)
    })
}
