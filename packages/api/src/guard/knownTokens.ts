import { promptResult } from '@driftfarm/answers'
import { type Database, hasTokens, type Token, tokenOf } from '@driftfarm/database'
import { LRUCache } from 'lru-cache'

/** How long the result of a token lookup is cached, in ms. A revoked token may still work for this long. */
const cacheMs = 2_000

/**
 * Time limit in ms for looking up a token. The limit is well below the 4.5 s that a client waits for a stream, because
 * opening the stream needs further queries.
 */
export const promptMs = 2_000

export class TokenCache {
  readonly #database: Database
  readonly #found: LRUCache<string, { readonly token: Token | null }>
  #any: { readonly is: boolean; readonly at: number } | null = null

  constructor(database: Database) {
    this.#database = database
    this.#found = new LRUCache({
      max: 1_000,
      ttl: cacheMs,
      fetchMethod: async (secret: string) => ({ token: await promptResult(() => tokenOf(database, secret), promptMs) }),
    })
  }

  /** Whether the farm has any tokens. If it has, every request needs one. */
  async any(): Promise<boolean> {
    const now = performance.now()
    if (this.#any !== null && now - this.#any.at < cacheMs) return this.#any.is
    const is = await promptResult(() => hasTokens(this.#database), promptMs)
    this.#any = { is, at: now }
    return is
  }

  /** The token with this secret, expired or not; null if there is no such token or it was revoked. */
  async of(secret: string): Promise<Token | null> {
    return (await this.#found.forceFetch(secret)).token
  }
}
