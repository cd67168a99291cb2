import * as z from 'zod'
import type { Routes } from '../context.ts'
import { ApiError } from '../error.ts'
import { sessionCookie } from '../guard/guard.ts'
import { sendDocument } from '../sendDocument.ts'

/** The token is sent once and stored in a cookie that no script can read. */
export const sessionRoutes: Routes = (app, { tokens, place }) => {
  const cookie = {
    httpOnly: true,
    sameSite: 'strict',
    path: place.publicUrl?.pathname ?? '/',
    secure: place.publicUrl?.protocol === 'https:',
  } as const

  app.get(
    '/session',
    { schema: { summary: 'The identity of the client: the name of its token and its role.' } },
    async ({ caller }, reply) => sendDocument(reply, 'Session', { token: caller.token, role: caller.role }),
  )

  app.post(
    '/session',
    {
      config: { role: 'guest' },
      schema: {
        summary: 'Start a browser session of the web page. The body contains a token.',
        body: z.strictObject({ token: z.string().min(1).max(200) }),
      },
    },
    async ({ body }, reply) => {
      const token = await tokens.of(body.token)
      if (token === null) throw new ApiError('TOKEN_UNKNOWN', 'the token is not known to this farm')
      if (token.expiresAt !== null && Date.parse(token.expiresAt) <= Date.now())
        throw new ApiError('TOKEN_EXPIRED', `the token ${token.name} expired at ${token.expiresAt}`)
      const expires = token.expiresAt === null ? {} : { expires: new Date(token.expiresAt) }
      reply.setCookie(sessionCookie, body.token, { ...cookie, ...expires })
      return sendDocument(reply, 'Session', { token: token.name, role: token.role })
    },
  )

  app.delete(
    '/session',
    { config: { role: 'guest' }, schema: { summary: 'End the browser session of the web page.' } },
    async (_, reply) => {
      reply.clearCookie(sessionCookie, cookie)
      return sendDocument(reply, 'Session', { token: null, role: 'read' })
    },
  )
}
