import * as z from 'zod'
import { answerPlain } from '../answer.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../error.ts'
import { sessionCookie } from '../guard/guard.ts'

/**
 * Who one is here, and the session of the page: the token is sent once, and then is a cookie that no script can read.
 */
export const sessionRoutes: Routes = (app, { tokens, place }) => {
  const cookie = {
    httpOnly: true,
    sameSite: 'strict',
    path: place.publicUrl?.pathname ?? '/',
    secure: place.publicUrl?.protocol === 'https:',
  } as const

  app.get(
    '/session',
    { schema: { summary: 'Who asks, and as what: the name of the token and its role.' } },
    async ({ caller }, reply) => answerPlain(reply, 'Session', { token: caller.token, role: caller.role }),
  )

  app.post(
    '/session',
    {
      config: { role: 'guest' },
      schema: {
        summary: 'Begins a session of the page with a token.',
        body: z.strictObject({ token: z.string().min(1).max(200) }),
      },
    },
    async ({ body }, reply) => {
      const token = await tokens.of(body.token)
      if (token === null) throw new ApiError('TOKEN_UNKNOWN', 'there is no such token')
      if (token.expiresAt !== null && Date.parse(token.expiresAt) <= Date.now())
        throw new ApiError('TOKEN_EXPIRED', `the token ${token.name} ended at ${token.expiresAt}`)
      const expires = token.expiresAt === null ? {} : { expires: new Date(token.expiresAt) }
      reply.setCookie(sessionCookie, body.token, { ...cookie, ...expires })
      return answerPlain(reply, 'Session', { token: token.name, role: token.role })
    },
  )

  app.delete(
    '/session',
    { config: { role: 'guest' }, schema: { summary: 'Ends the session of the page.' } },
    async (_, reply) => {
      reply.clearCookie(sessionCookie, cookie)
      return answerPlain(reply, 'Session', { token: null, role: 'read' })
    },
  )
}
