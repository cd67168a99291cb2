// From the ledger to documents.

export { databaseSource } from './databaseSource.ts'
export { waitFor } from './follow.ts'
export { recheckEstimates } from './recheck.ts'
export { rowRecord } from './rows.ts'
export { type SizingOptions, sizingOfSweep } from './sizing.ts'
