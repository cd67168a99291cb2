// Builds the documents that commands print and pages show, from the ledger.

export { type ComparingOptions, compareSplit, compareSweeps } from './compare.ts'
export { databaseSource } from './databaseSource.ts'
export { waitFor } from './follow.ts'
export { recheckEstimates } from './recheck.ts'
export { landscapeScene, sampled, sliceScene } from './scene.ts'
export { type SizingOptions, sizingOfSweep } from './sizing.ts'
