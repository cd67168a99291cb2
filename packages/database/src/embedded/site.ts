import type { Account } from './account.ts'

/** Where the server of a home lives. */
export interface Place {
  readonly account: Account | null
  /** Holds data/ and the log. The home's own `postgres` folder, or one outside it that the account can reach. */
  readonly folder: string
  readonly data: string
  readonly log: string
}
