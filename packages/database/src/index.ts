export type { Actor } from './access/actions.ts'
export * from './access/exactAnswers.ts'
export * from './access/logins.ts'
export {
  createToken,
  hasTokens,
  listTokens,
  revokeToken,
  seedToken,
  type Token,
  type TokenRole,
  tokenOf,
} from './access/tokens.ts'
export * from './access/uploads.ts'
export { WatchedClient, type WatchedPool, watchedPool } from './connection/client.ts'
export { concernsTls, isPooled } from './connection/connect.ts'
export { type Database, openDatabase, type ReadSource, snapshotOf } from './connection/database.ts'
export { fullError, isFull, isRetryable } from './connection/retry.ts'
export { checkEmbedded } from './embedded/binaries.ts'
export * from './embedded/home.ts'
export { type Embedded, startEmbedded } from './embedded/start.ts'
export { DatabaseError } from './errors.ts'
export * from './feed/dispatch.ts'
export * from './feed/loose.ts'
export * from './feed/reconcile.ts'
export * from './feed/snapshot.ts'
export { checkResults } from './lease/commit.ts'
export * from './lease/importing.ts'
export * from './lease/ledger.ts'
export { farmIsServed, type RegisteredWorker, registeredWorkers, signOff } from './lease/worker.ts'
export type { BundleHead } from './ledger/bundle.ts'
export type { IndexSelection } from './ledger/conditions.ts'
export { dataHashOf, dataReader, readData } from './ledger/data.ts'
export { LedgerError } from './ledger/errors.ts'
export { acquireLeadership, leaderBlockingEpoch, releaseLeadership, renewLeadership } from './ledger/leadership.ts'
export { indicesWithoutPremises, premisesOfCell, storeFoundPremises } from './ledger/premises.ts'
export { bitsOf, bitsOfCell, covers } from './ledger/recorded.ts'
export * from './ledger/settlement.ts'
export * from './ledger/workLedger.ts'
export { encodeOutcomeRow, sampled, startsOutcomeRow } from './outcome/encode.ts'
export { type OutcomeChunk, readOutcomes, readOutcomesOf, trialAt } from './outcome/read.ts'
export * from './read/batches.ts'
export * from './read/cell.ts'
export * from './read/cells.ts'
export * from './read/failures.ts'
export * from './read/farm.ts'
export { invariants } from './read/invariants.ts'
export * from './read/prefixes.ts'
export { type FarmState, farmState, hasStandby, presence, roundedAge, stateOfFarm } from './read/presence.ts'
export * from './read/readOnly.ts'
export * from './read/recent.ts'
export * from './read/slimCells.ts'
export * from './read/status.ts'
export * from './read/sweepNames.ts'
export * from './read/sweeps.ts'
export * from './schema/dump.ts'
export * from './schema/info.ts'
export { migrate, migrationState } from './schema/migrate.ts'
export { readerUrl } from './schema/reader.ts'
export * from './settle/contrasts.ts'
export * from './settle/finish.ts'
export * from './settle/rounds.ts'
export {
  type ChangedDemand,
  type CostSample,
  type Settle,
  settleIndices,
  settlePendingUpdates,
} from './settle/settle.ts'
export { renewChecks } from './settle/writeSettled.ts'
export { control, extendSweep, interruptSweep, removeSweep } from './submit/control.ts'
export * from './submit/preview.ts'
export * from './submit/submit.ts'
export * from './submit/work.ts'
