import { pageFolder } from '@driftfarm/farm'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import type { Routes } from '../context.ts'
import { sessionCookie, validToken } from '../guard/guard.ts'
import { described } from '../openapi.ts'
import { sendDocument } from '../replies.ts'

/** The files of the page contain no data of the farm, so clients without a token may load these files to sign in. */
export async function pageRoutes(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, role: 'guest' }
    route.schema = { ...route.schema, hide: true }
  })
  const root = pageFolder()
  if (root === null) {
    app.get('/', async (_, reply) =>
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

/** The token is sent once and stored in a cookie that no script can read. */
export const sessionRoutes: Routes = (app, { tokens, place, docs }) => {
  const cookie = {
    httpOnly: true,
    sameSite: 'strict',
    path: place.publicUrl?.pathname ?? '/',
    secure: place.publicUrl?.protocol === 'https:',
  } as const

  app.get(
    '/session',
    described('read', {
      summary: 'The identity of the client: the name of its token and its role. Also the address of the documentation.',
    }),
    async ({ caller }, reply) => sendDocument(reply, 'Session', { token: caller.token, role: caller.role, docs }),
  )

  app.post(
    '/session',
    described('guest', {
      summary: 'Start a browser session of the web page. The body contains a token.',
      body: z.strictObject({ token: z.string().min(1).max(200) }),
    }),
    async ({ body }, reply) => {
      const token = await validToken(body.token, tokens)
      const expires = token.expiresAt === null ? {} : { expires: new Date(token.expiresAt) }
      reply.setCookie(sessionCookie, body.token, { ...cookie, ...expires })
      return sendDocument(reply, 'Session', { token: token.name, role: token.role, docs })
    },
  )

  app.delete(
    '/session',
    described('guest', { summary: 'End the browser session of the web page.' }),
    async (_, reply) => {
      reply.clearCookie(sessionCookie, cookie)
      return sendDocument(reply, 'Session', { token: null, role: 'read', docs })
    },
  )
}
