import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { type Actor, openDatabase, seedToken } from '@driftfarm/database'
import { databaseFarmClient, FarmError, type Session } from '@driftfarm/farm'
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import etag from '@fastify/etag'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import fastify from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import type { App, Context } from './context.ts'
import { ApiError } from './error.ts'
import { authorize, type TokenCache, tokenCache } from './guard/guard.ts'
import { isLoopback, type ServerAddress, urlOf } from './guard/serverAddress.ts'
import { createFeeds } from './live/feeds.ts'
import { describeRoutes } from './openapi.ts'
import { notFound, refuseConnection, replyWithError } from './replies.ts'
import { changeRoutes, submitRoutes } from './routes/changes.ts'
import { eventRoutes } from './routes/events.ts'
import { fileRoutes, uploadRoutes } from './routes/files.ts'
import { monitoringRoutes } from './routes/monitoring.ts'
import { pageRoutes, sessionRoutes } from './routes/page.ts'
import { questionRoutes } from './routes/questions.ts'
import { streamRoutes } from './routes/streams.ts'
import { sweepRoutes } from './routes/sweeps.ts'
import { concurrencyLimit, TaskRunner } from './work/work.ts'

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

export interface ApiOptions {
  readonly session: Session
  /** The address to listen on. If other machines can reach this address, the farm must already have a token. */
  readonly host: string
  readonly port: number
  /** If true and `port` is in use, the server tries the next ports. */
  readonly next: boolean
  /** The public URL of a proxy in front of the server. With a proxy, every request needs a token. */
  readonly publicUrl?: URL | undefined
  /** The address of the documentation, for the links of the page. */
  readonly docsUrl?: URL | undefined
  /** The token of an administrator. */
  readonly adminToken?: string | undefined
  /** Number of requests that a token may send per minute; null for no limit. */
  readonly perMinute?: number | null
  readonly log?: LogLevel
  readonly version: string
}

/** The farm over HTTP. */
export type Api = Awaited<ReturnType<typeof startApi>>

const maxConnections = 4
const maxPorts = 20
const perMinute = 3_000

/** Serves a session over HTTP. Throws a FarmError if the server is unable or not allowed to listen. */
export async function startApi(options: ApiOptions) {
  const { session, host, publicUrl = null, adminToken } = options
  const database = await openDatabase({ url: session.databaseUrl, max: maxConnections, name: 'driftfarm api' })
  const work = new TaskRunner(session.home)
  try {
    if (adminToken !== undefined) await seedToken(database, adminToken)
    const tokens = tokenCache(database)
    requirePath(publicUrl)
    await requireTokens({ host, publicUrl }, tokens)
    for (let port = options.port, tried = 1; ; port++, tried++) {
      try {
        return await listen({ ...options, port }, { database, work, tokens })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
        if (options.next && options.port !== 0 && tried < maxPorts) continue
        throw new FarmError('CONFLICT', `${host}:${options.port} is already in use`, {
          hint: 'choose another address with `--listen HOST:PORT`, or turn off the API with `--no-http`',
        })
      }
    }
  } catch (error) {
    await work.close()
    await database.close()
    throw error
  }
}

const usageError = (message: string, hint: string): FarmError => new FarmError('USAGE', message, { hint })

/**
 * The first segments of the paths of our own routes. The path of a public URL must not begin with one of these
 * segments, because `rewriteUrl` could then not tell whether the proxy has already stripped the path.
 */
const ownPaths = ['api', 'assets', 'kernels', 'metrics', 'healthz', 'readyz']

function requirePath(publicUrl: URL | null): void {
  const first = publicUrl?.pathname.split('/')[1] ?? ''
  if (ownPaths.includes(first))
    throw usageError(`--public-url: the farm uses the path /${first} itself`, 'use another path, such as /drift/')
}

async function requireTokens({ host, publicUrl }: Pick<ServerAddress, 'host' | 'publicUrl'>, tokens: TokenCache) {
  if (isLoopback({ host }) && publicUrl === null) return
  if (await tokens.any()) return
  const why = publicUrl === null ? `other machines can reach ${host}` : `other users can reach ${publicUrl.href}`
  throw usageError(
    `${why}, but the farm has no token yet`,
    'run `driftfarm token create NAME --role admin`, or set DRIFTFARM_ADMIN_TOKEN_FILE to a file with a token',
  )
}

async function listen(options: ApiOptions, { database, work, tokens }: Pick<Context, 'database' | 'work' | 'tokens'>) {
  const { session, host, port, publicUrl = null, docsUrl, version } = options
  const here = { ...session, database }
  const farmClient = (by?: Actor) =>
    databaseFarmClient(here, { by, heavy: work.computations, planner: work.plan, keepsExact: true })
  const feeds = createFeeds(database, farmClient(), session.reader)
  // `port` may be 0. The actual port replaces it as soon as the server listens.
  const place = { host, port, publicUrl } as { host: string; port: number; publicUrl: URL | null }
  const streams = concurrencyLimit({ most: 2, maxWaiting: 32 })
  const docs = docsUrl === undefined ? null : docsUrl.href.replace(/\/?$/, '/')
  const context: Context = { session, database, farmClient, place, docs, tokens, feeds, work, streams, version }
  const app = application(options, context)
  await protect(app, context, options.perMinute === undefined ? perMinute : options.perMinute)
  await app.register(
    async (scope) => {
      const api = scope as unknown as App
      await describeRoutes(api, context)
      const groups = [sessionRoutes, sweepRoutes, changeRoutes, questionRoutes, streamRoutes, fileRoutes, eventRoutes]
      for (const routes of groups) routes(api, context)
      // These two groups of routes have their own parsers of request bodies, so each is registered in its own scope.
      for (const routes of [submitRoutes, uploadRoutes])
        await api.register(async (inner) => routes(inner as unknown as App, context))
    },
    { prefix: '/api/v1' },
  )
  await app.register(pageRoutes)
  monitoringRoutes(app, context)
  app.addHook('preClose', async () => feeds.close())
  await app.listen({ host, port, backlog: 511 })
  place.port = (app.server.address() as { port: number }).port
  app.log.info({ url: urlOf(place) }, 'listening')
  const close = async (): Promise<void> => {
    await app.close()
    await work.close()
    await database.close()
  }
  let closing: Promise<void> | null = null
  return {
    /** The address for users of this machine. */
    url: publicUrl?.href ?? urlOf(place),
    port: place.port,
    /** Who may send requests; null if only the user of this machine can. */
    words: await wordsOf(place, tokens),
    close: (): Promise<void> => (closing ??= close()),
  }
}

function application({ log = 'silent' }: ApiOptions, { place }: Context): App {
  const base = place.publicUrl?.pathname.replace(/\/$/, '') ?? ''
  const app = fastify({
    logger:
      log === 'silent'
        ? false
        : {
            level: log,
            // Standard output is reserved for documents.
            stream: process.stderr,
            redact: ['req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]'],
            serializers: {
              // The query may contain private values, so it is not logged.
              req: ({ id, method, url, ip }) => ({ id, method, url: url.split('?')[0] ?? url, ip }),
              res: ({ statusCode }) => ({ statusCode }),
            },
          },
    genReqId: () => randomUUID(),
    bodyLimit: 64 << 10,
    // Clients could forge forwarding headers, so none is trusted.
    trustProxy: false,
    routerOptions: { maxParamLength: 256 },
    // `frameworkErrors` handles errors that occur before the route is determined, and `clientErrorHandler` handles
    // input that is not a valid request.
    frameworkErrors: (error, request, reply) => replyWithError(error, request, reply),
    clientErrorHandler: refuseConnection,
    // Strips the path of the public URL, unless the proxy has already stripped it.
    rewriteUrl: ({ url = '/' }) =>
      base !== '' && (url === base || url.startsWith(`${base}/`)) ? url.slice(base.length) || '/' : url,
    requestTimeout: 60_000,
    keepAliveTimeout: 20_000,
    connectionTimeout: 0,
    serverFactory: (handler, { http }: { http?: object } = {}) =>
      createServer({ ...http, headersTimeout: 15_000, requestTimeout: 60_000, maxHeaderSize: 16_384 }, handler),
  }) as unknown as App
  app.setValidatorCompiler(validatorCompiler)
  app.setErrorHandler((error, request, reply) => replyWithError(error, request, reply))
  app.setNotFoundHandler(notFound)
  return app
}

async function protect(app: App, { place, tokens }: Context, rate: number | null): Promise<void> {
  await app.register(cookie)
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    strictTransportSecurity:
      place.publicUrl?.protocol === 'https:' ? { maxAge: 15_552_000, includeSubDomains: false } : false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  })
  app.decorateRequest('caller')
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('cache-control', 'no-cache')
    request.caller = await authorize(request, place, tokens)
  })
  if (rate !== null)
    await app.register(rateLimit, {
      max: rate,
      timeWindow: 60_000,
      keyGenerator: ({ caller, ip }) => caller?.token ?? ip,
      // Role admin without a token means the user of this machine, whose requests are not limited.
      allowList: ({ caller }) => caller.token === null && caller.role === 'admin',
      errorResponseBuilder: (_, { ttl }) =>
        new ApiError('TOO_MANY', 'too many requests within a minute', { hint: `wait ${Math.ceil(ttl / 1000)} s` }),
    })
  await app.register(compress, { global: true, threshold: 2048, encodings: ['gzip', 'identity'] })
  await app.register(etag, { weak: true })
}

async function wordsOf({ publicUrl, host }: ServerAddress, tokens: TokenCache): Promise<string | null> {
  if (publicUrl !== null) return `behind a proxy at ${publicUrl.href}: every request needs a token`
  if (!isLoopback({ host })) return 'other machines can reach it: every request needs a token'
  return (await tokens.any()) ? 'every request needs a token (see `driftfarm token list`)' : null
}
