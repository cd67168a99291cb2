import type { Account } from './account.ts'

/** Where the server of a home keeps its files. */
export interface ServerFiles {
  readonly account: Account | null
  /**
   * The folder of data/ and the log: the home's own `postgres` folder, or one outside it that the account can reach.
   */
  readonly folder: string
  readonly data: string
  readonly log: string
}
