// Builds the documents that commands print and pages show, from the ledger.

export { type DatabaseSourceOptions, databaseSource } from './databaseSource.ts'
export { waitFor } from './follow.ts'
export {
  type BoundParts,
  boundParts,
  type ComputedTrial,
  computeTrial,
  type ExactParts,
  exactParts,
  type Heavy,
} from './heavy.ts'
export { notAnswering, patient, promptly, type Seen, type Trouble } from './patient.ts'
export { recheckEstimates } from './recheck.ts'
export { type SizingOptions, sizedCell, sizingOfSweep, soughtOf } from './sizing.ts'
export { cellsData } from './slim.ts'
