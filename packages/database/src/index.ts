export type { ActionVerb, Actor } from './access/actions.ts'
export { type ExactKey, storedExact, storeExact } from './access/exactAnswers.ts'
export {
  createLogin,
  grantQueue,
  type Login,
  type LoginRole,
  listLogins,
  loginName,
  revokeLogin,
} from './access/logins.ts'
export {
  createToken,
  hasTokens,
  listTokens,
  type NewToken,
  revokeToken,
  seedToken,
  type Token,
  type TokenRole,
  tokenOf,
} from './access/tokens.ts'
export { hasUpload, putUpload, readUpload, uploadHash } from './access/uploads.ts'
export { WatchedClient, type WatchedPool, watchedPool } from './client.ts'
export { concernsTls, isPooled } from './connect.ts'
export { type Database, type DatabaseOptions, openDatabase, type TransactionOptions } from './database.ts'
export { dumpDatabase } from './dump.ts'
export { checkEmbedded } from './embedded/check.ts'
export type { AbandonedFolder } from './embedded/place.ts'
export { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded/start.ts'
export { DatabaseError, type DatabaseErrorCode } from './errors.ts'
export type { Prisma, PrismaClient } from './generated/client.ts'
export { homeFolder } from './home.ts'
export { type DatabaseInfo, databaseInfo } from './info.ts'
export * from './ledger/index.ts'
export { type MigrationState, migrate, migrationState } from './migrate.ts'
export { encodeOutcomeRow, startsOutcomeRow } from './outcome/encode.ts'
export { type OutcomeChunk, readOutcomes, readOutcomesOf, trialAt } from './outcome/read.ts'
export { sampled } from './outcome/sampled.ts'
export { readerUrl } from './reader.ts'
export { type Column, type QueryResult, runReadOnly } from './readOnly.ts'
export { fullError, isFull, isRetryable } from './retry.ts'
export type { SilenceLimits } from './silence.ts'
export { type NamesSource, storeNames, sweepNames } from './sweepNames.ts'
