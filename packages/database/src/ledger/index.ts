// The ledger of planned, dispatched and finished work, with all its SQL.

export {
  type BatchLine,
  batchesOf,
  sampleOfBatches,
  type TalliedBatch,
  talliesOf,
  talliesOfMany,
} from './batches.ts'
export { bitsOf, type StoredBits } from './bits.ts'
export { bitsOfCell } from './bitsWanted.ts'
export { type Cause, failureCauses } from './causes.ts'
export { cellById } from './cellById.ts'
export { checkResults } from './commit.ts'
export { ComparedInSweep, pairsOfSweep, wholePairs } from './comparedInSweep.ts'
export { type ContrastRow, contrastNow, contrastsDue, insertContrasts, storedContrasts } from './contrasts.ts'
export { control, extendSweep, interruptSweep, removeSweep } from './control.ts'
export { dataHashOf, dataReader, readData } from './data.ts'
export type { IndexSelection } from './demandsAt.ts'
export {
  type BundleHead,
  type CellCost,
  dispatchBundles,
  markQueued,
  type NewBatch,
  type NewBundle,
  type OpenCell,
  openCells,
  type UnqueuedBundle,
  unqueuedBundles,
} from './dispatch.ts'
export { LedgerError, type LedgerErrorCode } from './errors.ts'
export { type Extension, extensionOf } from './extension.ts'
export {
  type FarmSnapshot,
  type LiveSweep,
  markInterrupted,
  readFarmSnapshot,
  readPendingChanges,
} from './farmSnapshot.ts'
export { type FoundSweep, findSweep } from './find.ts'
export { finishSweep } from './finish.ts'
export { giveUpSweep } from './giveUp.ts'
export {
  adoptSweep,
  finishedBatchesIn,
  type ImportedBatch,
  type ImportOutcome,
  type ImportTarget,
  importBatches,
  importTargetOf,
  type MissingRange,
  missingRanges,
  stopForConflictingImport,
  type TrialRange,
} from './importing.ts'
export { type Invariants, invariants } from './invariants.ts'
export { acquireLeadership, leaderBlockingEpoch, releaseLeadership, renewLeadership } from './leadership.ts'
export { createLedger } from './ledger.ts'
export { listSweeps, type SweepLine } from './list.ts'
export { type LooseBatch, type LooseBundle, looseBatches, rebundle, unpark } from './loose.ts'
export { type Namesake, namesakes } from './namesakes.ts'
export { type OtherSweep, otherSweepsOf, runningBatchesOf } from './otherSweeps.ts'
export {
  lightPages,
  type Prefix,
  type ReadSource,
  type SweepHead,
  snapshotOf,
  sweepHead,
  tallyOf,
  type WholePrefix,
  wholePages,
} from './prefixes.ts'
export { indicesWithoutPremises, premisesOfCell, storeFoundPremises } from './premises.ts'
export { type FarmState, farmState, hasStandby, type Presence, presence, roundedAge, stateOfFarm } from './presence.ts'
export {
  type FarmCounts,
  type FarmProcess,
  type FarmTotals,
  farmCounts,
  farmProcesses,
  farmTotals,
} from './processes.ts'
export { type Recent, recentWork } from './recent.ts'
export { type DispatchedBundle, dispatchedBundles, reclaim, requeue } from './reconcile.ts'
export { covers } from './recordRule.ts'
export { type SearchRound, searchThreshold, type VisitedCell } from './search.ts'
export { type ChangedDemand, type CostSample, type Settle, settleIndices, settlePendingUpdates } from './settle.ts'
export { renewChecks } from './settledChecks.ts'
export type { LedgerBatch, OpenDemand, Settlement } from './settlement.ts'
export { type EndedCells, endedCellsOf, storedTrialsOf } from './share.ts'
export { type ShutdownRisks, shutdownRisks } from './shutdownRisks.ts'
export { type SlimCell, type SlimHead, slimCells, slimHead } from './slimCells.ts'
export { type BudgetRound, spendBudget } from './spend.ts'
export { type SweepStatus, sweepStatus } from './status.ts'
export { submissionOf } from './submission.ts'
export { type Submitted, submitSweep } from './submit.ts'
export {
  type CellOfSweep,
  type CellPlace,
  type Counted,
  cellOf,
  cellsOf,
  countedPages,
  indicesWithTrials,
  type MethodOutline,
  outlineOf,
  placesOf,
  totalsOf,
} from './sweepCells.ts'
export { sweepsWithCell } from './sweepsWithCell.ts'
export { costOf, stepsAtMost, summandsOf, trialStepsOf } from './work.ts'
export { farmIsServed, type RegisteredWorker, registeredWorkers, signOff } from './worker.ts'
export type {
  BatchFailure,
  BundleJob,
  BundleLease,
  CommitOutcome,
  CommitPart,
  CommitResult,
  Cut,
  EventBits,
  Lease,
  LeasedResult,
  PremisesWanted,
  WorkerRow,
  WorkLedger,
} from './workLedger.ts'
