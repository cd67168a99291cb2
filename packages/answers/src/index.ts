// Builds documents from the ledger. Commands print them, and pages show them.

export { type Computations, computationNames, localComputations } from './computations.ts'
export { type DatabaseSourceOptions, databaseSource } from './databaseSource.ts'
export { cellsData } from './questions/cells.ts'
export { measuredCell } from './questions/theorem.ts'
export { recheckEstimates } from './recheck.ts'
export { type SizingOptions, sizedCell, sizingOfSweep, sizingTargetOf } from './sizing.ts'
export { waitFor } from './waitFor.ts'
export * from './withTimeLimit.ts'
