import type { Actor, Database } from '@driftfarm/database'
import type { Session } from '@driftfarm/farm'
import { type FarmClient, sweepShape } from '@driftfarm/report'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import type { TokenCache } from './guard/guard.ts'
import type { ServerAddress } from './guard/serverAddress.ts'
import type { Feeds } from './live/feeds.ts'
import type { ConcurrencyLimit, TaskRunner } from './work/work.ts'

export interface Context {
  readonly session: Session
  /** Separate connections, so that slow readers do not use the connections of the coordinator. */
  readonly database: Database
  /** Changes are logged with the actor `by`. */
  farmClient(by?: Actor): FarmClient
  readonly place: ServerAddress
  /** The address of the documentation, with a slash at its end; null if unknown. */
  readonly docs: string | null
  readonly tokens: TokenCache
  readonly feeds: Feeds
  readonly work: TaskRunner
  /** Limits the number of simultaneous answers that hold a database snapshot while they are being sent. */
  readonly streams: ConcurrencyLimit
  readonly version: string
}

/** The parameters of a path with a sweep. */
export const refParams = z.object({ ref: sweepShape })

export type App = FastifyInstance<
  import('node:http').Server,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  import('fastify').FastifyBaseLogger,
  ZodTypeProvider
>

export type Routes = (app: App, context: Context) => void
