import { promptly } from '@driftfarm/answers'
import { type Database, hasTokens, type Token, tokenOf } from '@driftfarm/database'
import { LRUCache } from 'lru-cache'

/** What was looked up is believed this long: a token that is revoked works no longer than that. */
const believedMs = 2_000

/** A client gives up a stream after 4.5 s of silence, and opening one takes more than this lookup. */
export const promptMs = 2_000

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
      fetchMethod: async (secret: string) => ({ token: await promptly(() => tokenOf(database, secret), promptMs) }),
    })
  }

  /** Whether there are tokens, so that nobody may ask without one. */
  async any(): Promise<boolean> {
    const now = performance.now()
    if (this.#any !== null && now - this.#any.at < believedMs) return this.#any.is
    const is = await promptly(() => hasTokens(this.#database), promptMs)
    this.#any = { is, at: now }
    return is
  }

  /** The token of a secret, expired or not; null for one that does not exist, or was revoked. */
  async of(secret: string): Promise<Token | null> {
    return (await this.#found.forceFetch(secret)).token
  }
}
