import type { Actor, Database } from '@driftfarm/database'
import type { Session } from '@driftfarm/farm'
import type { Desk } from '@driftfarm/report'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { KnownTokens } from './guard/knownTokens.ts'
import type { Place } from './guard/place.ts'
import type { Feeds } from './live/feeds.ts'
import type { Turns } from './turns.ts'
import type { Work } from './work/work.ts'

/** What the routes stand on. */
export interface Context {
  readonly session: Session
  /** Connections of its own, so that readers who are slow take none from the coordinator. */
  readonly database: Database
  /** The farm, as somebody meets it who is allowed in; what they change is noted as theirs. */
  desk(by?: Actor): Desk
  readonly place: Place
  readonly tokens: KnownTokens
  readonly feeds: Feeds
  readonly work: Work
  /** Answers that hold a snapshot of the database for as long as they are read. */
  readonly streams: Turns
  readonly version: string
}

export type App = FastifyInstance<
  import('node:http').Server,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  import('fastify').FastifyBaseLogger,
  ZodTypeProvider
>

export type Routes = (app: App, context: Context) => void
