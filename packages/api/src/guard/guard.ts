import type { Actor, TokenRole } from '@driftfarm/database'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../error.ts'
import { isForwarded } from './forwarded.ts'
import type { KnownTokens } from './knownTokens.ts'
import { peerOf } from './peer.ts'
import { isLoopback, isOwnHost, isOwnOrigin, type Place } from './place.ts'

/** Who asks. */
export interface Caller extends Actor {
  readonly role: TokenRole
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
  interface FastifyContextConfig {
    /**
     * The least role that may ask; `guest`: also who has no token yet, once there are tokens; `anyone`: everybody, for
     * those who ask whether the server lives.
     */
    role?: TokenRole | 'guest' | 'anyone'
  }
}

/** The name of the cookie of a session. */
export const sessionCookie = 'driftfarm_session'

const rank: Readonly<Record<TokenRole, number>> = { read: 0, submit: 1, admin: 2 }

export const mayAs = (role: TokenRole, needed: TokenRole): boolean => rank[role] >= rank[needed]

/**
 * Lets a request in, or refuses it: by its token; without one only where nobody else than the user of this very machine
 * can have sent it, and as long as the farm has no tokens.
 */
export async function admit(request: FastifyRequest, place: Place, tokens: KnownTokens): Promise<Caller> {
  const needed = request.routeOptions.config.role ?? 'read'
  const { headers } = request
  const bearer = bearerOf(headers.authorization)
  if (needed === 'anyone') return caller(request, null, 'read')
  if (bearer !== null) return byToken(request, bearer, needed, tokens)
  const isLocal = isLoopback(place) && place.publicUrl === null
  if (needed === 'guest' && request.method === 'GET') {
    // The files of the page contain no data of the farm, so they are served even if the database does not answer.
    if (isLocal && !(await tokens.any().catch(() => true))) await requireUser(request)
    return caller(request, null, 'read')
  }
  const isOpen = isLocal && !(await tokens.any())
  // Whatever a browser sends by itself is believed only where our own page made it send that.
  if (!isOwnHost(headers.host, place))
    throw new ApiError('FOREIGN', `this server is not ${JSON.stringify(headers.host ?? '')}`, {
      hint: 'ask it by the address at which it listens, send a token, or name its address by --public-url',
    })
  if (!isOwnOrigin(headers.origin, headers.host, place))
    throw new ApiError('FOREIGN', `pages of ${headers.origin} may not ask this farm`, {
      hint: 'use its own page, or a program with a token',
    })
  const cookie = request.cookies[sessionCookie]
  if (cookie !== undefined && needed !== 'guest') {
    requireOwnPage(request)
    return byToken(request, cookie, needed, tokens)
  }
  if (isOpen) {
    await requireUser(request)
    return caller(request, null, 'admin')
  }
  if (needed === 'guest') return caller(request, null, 'read')
  if (isForwarded(request.raw)) throw passedOn()
  throw new ApiError('TOKEN_MISSING', 'this farm wants a token')
}

const passedOn = (): ApiError =>
  new ApiError('FOREIGN', 'what a proxy passes on needs a token', {
    hint: 'driftfarm token create makes one; name the address of the proxy by --public-url',
  })

/** Refuses what another than the user of this machine has sent, or may have. */
async function requireUser({ raw, socket }: FastifyRequest): Promise<void> {
  if (isForwarded(raw)) throw passedOn()
  const peer = peerOf(socket)
  if (peer === 'other')
    throw new ApiError('FOREIGN', 'this farm is of another user of this machine', {
      hint: 'its user makes a token for you: driftfarm token create',
    })
  if (peer === 'relay')
    throw new ApiError('FOREIGN', 'a program that listens for other machines needs a token', {
      hint: 'driftfarm token create makes one; of a proxy, name the address by --public-url',
    })
}

function bearerOf(header: string | undefined): string | null {
  if (header === undefined) return null
  const [, secret] = /^Bearer +(\S+) *$/i.exec(header) ?? []
  if (secret === undefined)
    throw new ApiError('TOKEN_UNKNOWN', 'the header Authorization holds no token', {
      hint: 'write `Authorization: Bearer TOKEN`',
    })
  return secret
}

/** A session is for the page alone: what changes something must say that it comes from there. */
function requireOwnPage({ method, headers }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD') return
  if (headers.origin === undefined && headers['sec-fetch-site'] !== 'same-origin')
    throw new ApiError('FOREIGN', 'a session is for the page of this farm', { hint: 'send a token instead' })
}

async function byToken(
  request: FastifyRequest,
  secret: string,
  needed: TokenRole | 'guest',
  tokens: KnownTokens,
): Promise<Caller> {
  const token = await tokens.of(secret)
  if (token === null) throw new ApiError('TOKEN_UNKNOWN', 'there is no such token')
  if (token.expiresAt !== null && Date.parse(token.expiresAt) <= Date.now())
    throw new ApiError('TOKEN_EXPIRED', `the token ${token.name} ended at ${token.expiresAt}`)
  if (needed !== 'guest' && !mayAs(token.role, needed))
    throw new ApiError('ROLE', `the token ${token.name} may ${token.role}, and this needs ${needed}`, {
      hint: `ask whoever runs the farm for a token of role ${needed}`,
    })
  return caller(request, token.name, token.role)
}

const caller = ({ id }: FastifyRequest, token: string | null, role: TokenRole): Caller => ({
  token,
  role,
  mayChangeAll: mayAs(role, 'admin'),
  request: id,
})
