// Trials, their records, and the compiled kernel that runs them.

export type { KernelErrorCode } from './error.ts'
export { KernelError } from './error.ts'
export { isComputable, samplesOf } from './model/cell.ts'
export {
  type Cost,
  descentsCost,
  gradientCost,
  observingShare,
  stepCost,
  trialCost,
  wholeCost,
} from './model/cost.ts'
export { type DearCondition, dearConditions } from './model/dearConditions.ts'
export { layersOf } from './model/network.ts'
export { type ObservedPlan, observedPlan } from './model/observed.ts'
export { newName, ruleExpressions, ruleFormulas } from './model/rule.ts'
export { oddActivations } from './model/symmetry.ts'
export { histogramWidths } from './outcome/add.ts'
export { addDigests, formatDigest, parseDigest, recordDigest, subtractDigests } from './outcome/digest.ts'
export {
  type ExactSum,
  noValues,
  type Observed,
  type ObservedTally,
  observedBin,
  observedBinLimits,
  reachedPoints,
} from './outcome/observed.ts'
export type { End, RecordLayout } from './outcome/outcome.ts'
export { ends, layoutOf, namedExits } from './outcome/outcome.ts'
export {
  decodeOutcome,
  decodeRecord,
  encodeRecord,
  hasEvent,
  type Outcome,
  type OutcomeRecord,
} from './outcome/record.ts'
export { recordBytes, recordFields, storedFields } from './outcome/recordFields.ts'
export * from './outcome/rows.ts'
export type { BatchResult, Digest, HorizonTally, MarkSteps, Tally } from './outcome/tally.ts'
export { addTallies, binStart, jointPlace, stepBin, zeroTally } from './outcome/tally.ts'
export {
  exactUnits,
  fromUnits,
  quotient,
  type ValueSums,
  type ValueTally,
  valueBin,
  valueBinStart,
} from './outcome/values.ts'
export { compile, type LoadCompiler } from './run/compile.ts'
export { descendAll } from './run/descend.ts'
export type { NativeAdvance, RunOptions } from './run/kernel.ts'
export { Kernel, kernelBytes } from './run/kernel.ts'
export { compiledModule, kernelOf, type ModuleOf, modulesBy, withKnownStart, withTraining } from './run/kernelOf.ts'
export type { PreparedCell } from './run/prepare.ts'
// The preparation of a cell, and functions of the slow scalar reference.
export { prepare } from './run/prepare.ts'
export { keptTraining, type TrainedStore, type TrialRange } from './run/training.ts'
export { type BasinRelation, basinRelation } from './scalar/basin.ts'
export { curvatureOf, index, sharpness } from './scalar/curvature.ts'
export { type EventsAt, type ExitFunction, exitFunction } from './scalar/exitFunction.ts'
export { gradientAt, slopeOf } from './scalar/gradient.ts'
export { type LandscapeFunction, landscapeFunction, networkSlopes } from './scalar/landscapeFunction.ts'
export type { TracedStep } from './scalar/run.ts'
export { drawnStarts, runReference, traceReference } from './scalar/run.ts'
export { type StepScales, scaleFunction } from './scalar/scaleFunction.ts'
export { diagonalize } from './scalar/shape.ts'
export { descend } from './scalar/start.ts'
export { type Draw, type StepFunction, stepFunction } from './scalar/stepFunction.ts'
export { endAligner } from './scalar/symmetry.ts'
export type { Level, Replica } from './splitting/replica.ts'
