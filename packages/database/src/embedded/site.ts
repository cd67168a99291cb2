import type { Account } from './account.ts'

export interface ServerFiles {
  readonly account: Account | null
  /** The folder of data/ and the log: `postgres` in the home, or outside if the account cannot reach the home. */
  readonly folder: string
  readonly data: string
  readonly log: string
}
