import type { Account } from './account.ts'

export interface ServerFiles {
  readonly account: Account | null
  /**
   * The folder that contains data/ and the log: `postgres` in the home or, if the account cannot reach the home, a
   * folder outside the home.
   */
  readonly folder: string
  readonly data: string
  readonly log: string
}
