// What a sweep is.
export * from './cell.ts'
export { contrastPairs } from './contrastPairs.ts'
export { type DataTable, dataBytes, dataPreamble, dataTable, dataValues } from './data.ts'
// How it is read.
export { SpecError, type SpecErrorCode, type SpecFinding, specErrorCodes } from './errors.ts'
// What estimates are called.
export {
  type EstimateKind,
  type EventKind,
  type EventNames,
  estimateKinds,
  eventNamesOf,
  kindOf,
} from './estimate/kinds.ts'
export { atHorizons, otherNames, probabilityNames } from './estimate/list.ts'
export {
  type EstimateName,
  type EventName,
  isEscape,
  kindNamed,
  parseEstimate,
  parseEvent,
  printEstimate,
  valuesTell,
} from './estimate/name.ts'
export {
  canonicalJson,
  cellId,
  comparesEnds,
  KERNEL_VERSION,
  kernelVersionOf,
  settlesByGradient,
  sweepId,
} from './identity.ts'
export { isSpherical, lawNames, lawNumber, numberedLaws } from './laws.ts'
// What becomes of it.
export * from './life/sweep.ts'
export * from './life/work.ts'
export { limits as specLimits } from './limits.ts'
export { once } from './once.ts'
export type { SpecOptions } from './options.ts'
export { parseSweep } from './parseSweep.ts'
// What landscapes there are.
export { presets } from './presets/index.ts'
export type { Preset, PresetMinimum, Range } from './presets/preset.ts'
export { type ResolvedPreset, resolveLandscape } from './presets/resolve.ts'
// How else a cell may be answered.
export { splittingOf } from './resolve/score.ts'
export { bareTrial } from './resolve/trial.ts'
export { stepsByEta } from './rules.ts'
export { stepSamples } from './samples.ts'
export { specSchema } from './schema/spec.ts'
export type { Slopes } from './stationary/slopes.ts'
export * from './sweep.ts'
