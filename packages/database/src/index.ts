export type { Actor } from './access/actions.ts'
export { type ExactKey, storedExact, storeExact } from './access/exactAnswers.ts'
export { createLogin, grantQueue, listLogins, loginName, revokeLogin } from './access/logins.ts'
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
export { hasUpload, putUpload, readUpload, uploadHash } from './access/uploads.ts'
export { WatchedClient, type WatchedPool, watchedPool } from './connection/client.ts'
export { concernsTls, isPooled } from './connection/connect.ts'
export { type Database, openDatabase, type ReadSource, snapshotOf } from './connection/database.ts'
export { fullError, isFull, isRetryable } from './connection/retry.ts'
export { checkEmbedded } from './embedded/binaries.ts'
export { homeFolder } from './embedded/home.ts'
export { type Embedded, startEmbedded } from './embedded/start.ts'
export { DatabaseError } from './errors.ts'
export {
  type CellCost,
  dispatchBundles,
  markQueued,
  type NewBatch,
  type NewBundle,
  type OpenCell,
  openCells,
  type UnqueuedBundle,
  unqueuedBundles,
} from './feed/dispatch.ts'
export { type LooseBatch, type LooseBundle, looseBatches, rebundle, unpark } from './feed/loose.ts'
export { type DispatchedBundle, dispatchedBundles, reclaim, requeue } from './feed/reconcile.ts'
export {
  type FarmSnapshot,
  type LiveSweep,
  markInterrupted,
  readFarmSnapshot,
  readPendingChanges,
} from './feed/snapshot.ts'
export { checkResults } from './lease/commit.ts'
export {
  adoptSweep,
  finishedBatchesIn,
  type ImportedBatch,
  type ImportOutcome,
  type ImportTarget,
  importBatches,
  importTargetOf,
  missingRanges,
  stopForConflictingImport,
} from './lease/importing.ts'
export { createLedger } from './lease/ledger.ts'
export { farmIsServed, type RegisteredWorker, registeredWorkers, signOff } from './lease/worker.ts'
export type { BundleHead } from './ledger/bundle.ts'
export type { IndexSelection } from './ledger/conditions.ts'
export { dataHashOf, dataReader, readData } from './ledger/data.ts'
export { LedgerError } from './ledger/errors.ts'
export { acquireLeadership, leaderBlockingEpoch, releaseLeadership, renewLeadership } from './ledger/leadership.ts'
export { indicesWithoutPremises, premisesOfCell, storeFoundPremises } from './ledger/premises.ts'
export { bitsOf, bitsOfCell, covers } from './ledger/recorded.ts'
export type { LedgerBatch, OpenDemand, Settlement } from './ledger/settlement.ts'
export type {
  BatchFailure,
  BundleJob,
  BundleLease,
  CommitPart,
  CommitResult,
  Cut,
  Lease,
  LeasedResult,
  PremisesWanted,
  WorkLedger,
} from './ledger/workLedger.ts'
export { encodeOutcomeRow, sampled, startsOutcomeRow } from './outcome/encode.ts'
export { type OutcomeChunk, readOutcomes, readOutcomesOf, trialAt } from './outcome/read.ts'
export {
  type BatchLine,
  batchesOf,
  sampleOfBatches,
  type TalliedBatch,
  talliesOf,
  talliesOfMany,
} from './read/batches.ts'
export { cellById, otherSweepsOf, runningBatchesOf, sweepsWithCell } from './read/cell.ts'
export {
  type CellOfSweep,
  type CellPlace,
  cellOf,
  cellsOf,
  countedPages,
  indicesWithTrials,
  outlineOf,
  placesOf,
  totalsOf,
} from './read/cells.ts'
export { failureCauses } from './read/failures.ts'
export { farmCounts, farmProcesses, farmTotals } from './read/farm.ts'
export { invariants } from './read/invariants.ts'
export {
  lightPages,
  type Prefix,
  type SweepHead,
  sweepHead,
  tallyOf,
  type WholePrefix,
  wholePages,
} from './read/prefixes.ts'
export { type FarmState, farmState, hasStandby, presence, roundedAge, stateOfFarm } from './read/presence.ts'
export { runReadOnly } from './read/readOnly.ts'
export { recentWork } from './read/recent.ts'
export { type SlimCell, type SlimHead, slimCells, slimHead } from './read/slimCells.ts'
export { type SweepStatus, sweepStatus } from './read/status.ts'
export { storeNames, sweepNames } from './read/sweepNames.ts'
export { findSweep, listSweeps, namesakes, submissionOf } from './read/sweeps.ts'
export { dumpDatabase } from './schema/dump.ts'
export { databaseInfo, shutdownRisks } from './schema/info.ts'
export { migrate, migrationState } from './schema/migrate.ts'
export { readerUrl } from './schema/reader.ts'
export {
  ComparedInSweep,
  type ContrastRow,
  contrastNow,
  contrastsDue,
  insertContrasts,
  pairsOfSweep,
  storedContrasts,
  wholePairs,
} from './settle/contrasts.ts'
export { finishSweep, giveUpSweep } from './settle/finish.ts'
export { type BudgetRound, type SearchRound, searchThreshold, spendBudget, type VisitedCell } from './settle/rounds.ts'
export {
  type ChangedDemand,
  type CostSample,
  type Settle,
  settleIndices,
  settlePendingUpdates,
} from './settle/settle.ts'
export { renewChecks } from './settle/writeSettled.ts'
export { control, extendSweep, interruptSweep, removeSweep } from './submit/control.ts'
export { type Extension, endedCellsOf, extensionOf, storedTrialsOf } from './submit/preview.ts'
export { type Submitted, submitSweep } from './submit/submit.ts'
export { costOf, stepsAtMost, summandsOf, trialStepsOf } from './submit/work.ts'
