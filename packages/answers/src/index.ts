// From the ledger to documents.

export { bestOf, type NoSuchEstimate } from './best.ts'
export { curvesOf } from './curves.ts'
export { endStates, waitFor } from './follow.ts'
export { recheckEstimates } from './recheck.ts'
export { type StoredRecord, storedOutcome, storedRecords } from './records.ts'
export { resultsOf, type SweepResults } from './results.ts'
export { rowRecord, rowsOf } from './rows.ts'
export { type SizingOptions, sizingOfSweep } from './sizing.ts'
