// The ledger: planned, dispatched and finished work, with all SQL about it.

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
// Used to read the state of a farm and of many cells.
export { type Cause, failureCauses } from './causes.ts'
export { cellById } from './cellById.ts'
export { checkResults } from './commit.ts'
export { ComparedInSweep, pairsOfSweep, wholePairs } from './comparedInSweep.ts'
export { type ContrastRow, contrastNow, contrastsDue, insertContrasts, storedContrasts } from './contrasts.ts'
// Used by commands of users.
export { control, extendSweep, interruptSweep, removeSweep } from './control.ts'
// Used by everything that computes trials.
export { dataHashOf, dataReader, readData } from './data.ts'
export type { Places } from './demandsAt.ts'
export { LedgerError, type LedgerErrorCode } from './errors.ts'
export { type Extension, extensionOf } from './extension.ts'
// Used by the leading coordinator.
export {
  type BundleHead,
  type CellCost,
  handOut,
  markFed,
  type NewBatch,
  type NewBundle,
  type OpenCell,
  openCells,
  type UnfedBundle,
  unfed,
} from './feed.ts'
// Used for reading.
export { type FoundSweep, findSweep } from './find.ts'
export { finishSweep } from './finish.ts'
export { giveUpSweep } from './giveUp.ts'
// Used to import shards.
export {
  adoptSweep,
  doneWithin,
  type ImportEnding,
  type ImportedBatch,
  type ImportTarget,
  importBatches,
  importTargetOf,
  type MissingRange,
  missingRanges,
  stopForImport,
  type TrialRange,
} from './importing.ts'
export { type Invariants, invariants } from './invariants.ts'
export { acquireLeadership, besideLeader, releaseLeadership, renewLeadership } from './leadership.ts'
export { createLedger } from './ledger.ts'
export { listSweeps, type SweepLine } from './list.ts'
export { bundleAnew, type LooseBatch, type LooseBundle, looseBatches, unpark } from './loose.ts'
export { type Namesake, namesakes } from './namesakes.ts'
export { computedBy, type OtherSweep, otherSweepsOf } from './otherSweeps.ts'
export {
  lightPages,
  type Prefix,
  type Reading,
  type SweepHead,
  snapshotOf,
  sweepHead,
  tallyOf,
  type WholePrefix,
  wholePages,
} from './prefixes.ts'
export { indicesWithoutPremises, keepFound, premisesOfCell } from './premises.ts'
export { coarse, type FarmState, farmState, hasStandby, type Presence, presence, stateOfFarm } from './presence.ts'
export {
  type FarmCounts,
  type FarmProcess,
  type FarmTotals,
  farmCounts,
  farmProcesses,
  farmTotals,
} from './processes.ts'
export { type LiveSweep, markInterrupted, type Pulse, readPulse, readStir } from './pulse.ts'
export { type Recent, recentWork } from './recent.ts'
export { type OutBundle, outBundles, reclaim, requeue } from './reconcile.ts'
export { covers } from './recordRule.ts'
export { type Searching, searchThreshold, type VisitedCell } from './search.ts'
export { type NewsCost, type Settle, type SettledPlace, settleNews, settlePlaces } from './settle.ts'
export { renewChecks } from './settledChecks.ts'
export type { LedgerBatch, OpenDemand, Settlement } from './settlement.ts'
export { type EndedCells, planEnded, planShare } from './share.ts'
export { type SlimCell, type SlimHead, slimCells, slimHead } from './slimCells.ts'
export { type Spending, spendBudget } from './spend.ts'
export { type SweepStatus, sweepStatus } from './status.ts'
export { type FarmStrain, farmStrain } from './strain.ts'
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
// Upper bounds of the cost of a trial.
export { costOf, movesOf, stepsAtMost, summandsOf } from './work.ts'
// Used by workers.
export { farmIsServed, type SeenWorker, seenWorkers, signOff } from './worker.ts'
export type {
  BatchFailure,
  BundleJob,
  BundleLease,
  CommitEnding,
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
