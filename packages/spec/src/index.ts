export { beginningOf, cellReader } from './canonicalCells.ts'
export * from './cell.ts'
export { contrastPairs } from './contrastPairs.ts'
export { type DataTable, dataBytes, dataPreamble, dataTable, dataValues } from './data.ts'
export { composed } from './document/composed.ts'
export { SpecError, type SpecErrorCode, type SpecFinding, specErrorCodes } from './errors.ts'
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
  isEstimatedByValues,
  kindNamed,
  parseEstimate,
  parseEvent,
  printEstimate,
} from './estimate/name.ts'
export { specText } from './files/utf8.ts'
export {
  canonicalJson,
  cellId,
  comparesEnds,
  KERNEL_VERSION,
  kernelVersionOf,
  settlesByGradient,
  settleTolerance,
} from './identity.ts'
export { isSpherical, lawNames, lawNumber, numberedLaws } from './laws.ts'
export * from './life/sweep.ts'
export * from './life/work.ts'
export { limits as specLimits } from './limits.ts'
export { once } from './once.ts'
export type { SpecOptions } from './options.ts'
export { parseSweep } from './parseSweep.ts'
export { identityWalk, sweepIdentity } from './plan/sweepIdentity.ts'
export { presets } from './presets/index.ts'
export type { Preset, PresetMinimum, Range } from './presets/preset.ts'
export { type ResolvedPreset, resolveLandscape } from './presets/resolve.ts'
export { splittingOf } from './resolve/score.ts'
export { minimalTrial } from './resolve/trial.ts'
export { isPlain, stepsByEta } from './rules.ts'
export { stepSamples } from './samples.ts'
export { type SpecInput, specSchema } from './schema/spec.ts'
export { plainSettings, type SettingValue, settingsOf } from './settings.ts'
export { specTextWithOptions } from './specTextWithOptions.ts'
export type { Slopes } from './stationary/slopes.ts'
export * from './sweep.ts'
