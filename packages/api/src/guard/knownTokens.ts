import { patient } from '@driftfarm/answers'
import { type Database, hasTokens, type Token, tokenOf } from '@driftfarm/database'
import { LRUCache } from 'lru-cache'
import { ApiError } from '../error.ts'

/** What was looked up is believed this long: a token that is revoked works no longer than that. */
const believedMs = 2_000

/** A client of a stream waits for 4.5 s, and more has to be looked up for it. */
const limitMs = 2_000

/** What is looked up; throws NO_DATABASE if it takes too long. */
export async function promptly<T>(look: () => Promise<T>): Promise<T> {
  const seen = await patient(look, limitMs)()
  if ('value' in seen) return seen.value
  throw seen.error ?? new ApiError('NO_DATABASE', 'the database of the farm does not answer')
}

/** The tokens of a farm, looked up at most once in a while. */
export class KnownTokens {
  readonly #database: Database
  readonly #found: LRUCache<string, { readonly token: Token | null }>
  #any: { readonly is: boolean; readonly at: number } | null = null

  constructor(database: Database) {
    this.#database = database
    this.#found = new LRUCache({
      max: 1_000,
      ttl: believedMs,
      fetchMethod: async (secret: string) => ({ token: await promptly(() => tokenOf(database, secret)) }),
    })
  }

  /** Whether there are tokens, so that nobody may ask without one. */
  async any(): Promise<boolean> {
    const now = performance.now()
    if (this.#any !== null && now - this.#any.at < believedMs) return this.#any.is
    const is = await promptly(() => hasTokens(this.#database))
    this.#any = { is, at: now }
    return is
  }

  /** The token of a secret, expired or not; null for one that does not exist, or was revoked. */
  async of(secret: string): Promise<Token | null> {
    return (await this.#found.forceFetch(secret)).token
  }
}
