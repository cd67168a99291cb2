import type { IncomingMessage } from 'node:http'
import { promptResult } from '@driftfarm/answers'
import { type Actor, type Database, hasTokens, type Token, type TokenRole, tokenOf } from '@driftfarm/database'
import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { ApiError } from '../error.ts'
import { kept } from '../kept.ts'
import { peerOf } from './peer.ts'
import { isLoopback, isOwnHost, isOwnOrigin, type ServerAddress } from './serverAddress.ts'

export interface Caller extends Actor {
  readonly role: TokenRole
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
  interface FastifyContextConfig {
    /**
     * The lowest role that may send the request. `guest` also admits clients without a token. `anyone` omits all
     * checks, for health probes.
     */
    role?: TokenRole | 'guest' | 'anyone'
  }
}

export const sessionCookie = 'driftfarm_session'

const rank: Readonly<Record<TokenRole, number>> = { read: 0, submit: 1, admin: 2 }

export const hasRole = (role: TokenRole, needed: TokenRole): boolean => rank[role] >= rank[needed]

/**
 * Admits or refuses a request by its token. A request without a token may use only the routes `guest` and `anyone`. The
 * exception is a farm that has no tokens and no public URL, and listens only on this machine. On such a farm, a request
 * that seems to come from the user of this machine may use all routes. Any other request without a token may use only
 * the routes `anyone`.
 */
export async function authorize(request: FastifyRequest, place: ServerAddress, tokens: TokenCache): Promise<Caller> {
  const needed = request.routeOptions.config.role ?? 'read'
  const { headers } = request
  const bearer = bearerOf(headers.authorization)
  if (needed === 'anyone') return caller(request, null, 'read')
  if (bearer !== null) return callerOfToken(request, bearer, needed, tokens)
  const isLocal = isLoopback(place) && place.publicUrl === null
  if (needed === 'guest' && request.method === 'GET') {
    // Page files contain no data of the farm, so they are sent even if the database does not answer.
    if (isLocal && !(await tokens.any().catch(() => true))) await requireUser(request)
    return caller(request, null, 'read')
  }
  const isOpen = isLocal && !(await tokens.any())
  // Browsers send requests on behalf of any site, so only requests from the page of the farm are trusted.
  if (!isOwnHost(headers.host, place))
    throw foreign(
      `this server does not serve the host ${JSON.stringify(headers.host ?? '')}`,
      'use the address at which the server listens, or send a token; behind a proxy, start the server with ' +
        '--public-url and the address of the proxy',
    )
  if (!isOwnOrigin(headers.origin, headers.host, place))
    throw foreign(
      `pages of ${headers.origin} are not allowed to access this farm`,
      'use the page of the farm, or a program that sends a token',
    )
  const cookie = request.cookies[sessionCookie]
  if (cookie !== undefined && needed !== 'guest') {
    requireOwnPage(request)
    return callerOfToken(request, cookie, needed, tokens)
  }
  if (isOpen) {
    await requireUser(request)
    return caller(request, null, 'admin')
  }
  if (needed === 'guest') return caller(request, null, 'read')
  if (isForwarded(request.raw)) throw forwardedError()
  throw new ApiError('TOKEN_MISSING', 'this farm requires a token')
}

const foreign = (message: string, hint: string): ApiError => new ApiError('FOREIGN', message, { hint })

const forwardedError = (): ApiError =>
  foreign(
    'requests through a proxy need a token',
    'run `driftfarm token create NAME --role ROLE`, and give the address of the proxy with `--public-url`',
  )

/**
 * Refuses a request that may come from a proxy, from another user of this machine, or from a program to which other
 * machines can connect.
 */
async function requireUser({ raw, socket }: FastifyRequest): Promise<void> {
  if (isForwarded(raw)) throw forwardedError()
  const peer = peerOf(socket)
  if (peer === 'other')
    throw foreign(
      'this farm belongs to another user of this machine',
      'ask that user for a token: `driftfarm token create NAME --role ROLE`',
    )
  if (peer === 'relay')
    throw foreign(
      'this request needs a token, because the program that sent it accepts connections from other machines and may ' +
        'pass on their requests',
      'run `driftfarm token create NAME --role ROLE`; behind a proxy, also start the server with `--public-url` ' +
        'and the address of the proxy',
    )
}

function bearerOf(header: string | undefined): string | null {
  if (header === undefined) return null
  const [, secret] = /^Bearer +(\S+) *$/i.exec(header) ?? []
  if (secret === undefined)
    throw new ApiError('TOKEN_UNKNOWN', 'the header Authorization contains no token', {
      hint: 'write `Authorization: Bearer TOKEN`',
    })
  return secret
}

/** Session cookies work only on the farm's page: a request that changes something must show that this page sent it. */
function requireOwnPage({ method, headers }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD') return
  if (headers.origin === undefined && headers['sec-fetch-site'] !== 'same-origin')
    throw foreign('a session cookie is valid only on the page of this farm', 'send a token instead')
}

/** Throws an ApiError if the farm does not know the token, or if it has expired. */
export async function validToken(secret: string, tokens: TokenCache): Promise<Token> {
  const token = await tokens.of(secret)
  if (token === null) throw new ApiError('TOKEN_UNKNOWN', 'the token is not known to this farm')
  if (token.expiresAt !== null && Date.parse(token.expiresAt) <= Date.now())
    throw new ApiError('TOKEN_EXPIRED', `the token ${token.name} expired at ${token.expiresAt}`)
  return token
}

async function callerOfToken(
  request: FastifyRequest,
  secret: string,
  needed: TokenRole | 'guest',
  tokens: TokenCache,
): Promise<Caller> {
  const token = await validToken(secret, tokens)
  if (needed !== 'guest' && !hasRole(token.role, needed))
    throw new ApiError(
      'ROLE',
      `the token ${token.name} has role ${token.role}, but this request needs role ${needed}`,
      { hint: `ask the administrator of the farm for a token with role ${needed}` },
    )
  return caller(request, token.name, token.role)
}

const caller = ({ id }: FastifyRequest, token: string | null, role: TokenRole): Caller => ({
  token,
  role,
  mayChangeAll: hasRole(role, 'admin'),
  request: id,
})

const proxyHeaders = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-server',
  'x-real-ip',
  'x-client-ip',
  'cf-connecting-ip',
  'true-client-ip',
] as const

/**
 * Whether a request shows that a proxy forwarded it: by its headers, or by HTTP 1.0, which nginx uses by default for
 * requests to the servers behind it.
 */
export const isForwarded = ({ headers, httpVersion }: Pick<IncomingMessage, 'headers' | 'httpVersion'>): boolean =>
  httpVersion === '1.0' || proxyHeaders.some((name) => headers[name] !== undefined)

/** How long the result of a token lookup is cached, in ms. A revoked token may still work for this long. */
const cacheMs = 2_000

/**
 * Time limit in ms for looking up a token. The limit is well below the 4.5 s that a client waits for a stream, because
 * opening the stream needs further queries.
 */
export const promptMs = 2_000

export type TokenCache = ReturnType<typeof tokenCache>

export function tokenCache(database: Database) {
  const found = new LRUCache({
    max: 1_000,
    ttl: cacheMs,
    fetchMethod: async (secret: string) => ({ token: await promptResult(() => tokenOf(database, secret), promptMs) }),
  })
  return {
    /** Whether the farm has any tokens. If it has, every request needs one. */
    any: kept(cacheMs, () => promptResult(() => hasTokens(database), promptMs)),
    /** The token with this secret, expired or not; null if there is no such token or it was revoked. */
    of: async (secret: string): Promise<Token | null> => (await found.forceFetch(secret)).token,
  }
}
