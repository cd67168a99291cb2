import { patient } from '@driftfarm/answers'
import { type Database, hasTokens, type Token, tokenOf } from '@driftfarm/database'
import { LRUCache } from 'lru-cache'
import { ApiError } from '../error.ts'

/** How long a looked-up token is trusted: a revoked token works at most this long. */
const believedMs = 2_000

/** Time limit of a look-up. A client of a stream waits 4.5 s, and its request needs further look-ups. */
const limitMs = 2_000

/** The result of a look-up; throws NO_DATABASE if it takes too long. */
export async function promptly<T>(look: () => Promise<T>): Promise<T> {
  const seen = await patient(look, limitMs)()
  if ('value' in seen) return seen.value
  throw seen.error ?? new ApiError('NO_DATABASE', 'the database of the farm does not answer')
}

/** The tokens of a farm, cached for a short time. */
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

  /** Whether the farm has tokens, so that every request needs one. */
  async any(): Promise<boolean> {
    const now = performance.now()
    if (this.#any !== null && now - this.#any.at < believedMs) return this.#any.is
    const is = await promptly(() => hasTokens(this.#database))
    this.#any = { is, at: now }
    return is
  }

  /** The token of a secret, expired or not; null if it does not exist or was revoked. */
  async of(secret: string): Promise<Token | null> {
    return (await this.#found.forceFetch(secret)).token
  }
}
