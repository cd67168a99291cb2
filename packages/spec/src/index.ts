export { cached } from './cached.ts'
export * from './cell.ts'
export * from './data.ts'
export { contrastPairs } from './demand/contrasts.ts'
export { defaultReplicas } from './demand/methods.ts'
export { composed } from './document/value.ts'
export { type Fix, SpecError, type SpecErrorCode, type SpecFinding, specErrorCodes } from './errors.ts'
export * from './estimate/kinds.ts'
export * from './estimate/name.ts'
export {
  isOfTrial,
  type QuantityName,
  quantityNames,
  quantityOf,
  sinceMark,
} from './field/quantities.ts'
export { specText } from './files/files.ts'
export { readSafetensors, safetensorsBytes } from './files/safetensors.ts'
export {
  beginningOf,
  canonicalJson,
  cellId,
  cellReader,
  comparesEnds,
  KERNEL_VERSION,
  kernelVersionOf,
  settlesByGradient,
  settleTolerance,
} from './identity.ts'
export { type ResolvedPreset, resolveLandscape } from './landscape/landscape.ts'
export { isSpherical, lawNames, lawNumber, lawText, numberedLaws } from './laws.ts'
export * from './life/sweep.ts'
export * from './life/work.ts'
export { limits as specLimits } from './limits.ts'
export { splittingOf } from './method/score.ts'
export { once } from './mistakes.ts'
export type { SpecOptions } from './options.ts'
export { settingPath, specTextWithOptions } from './options.ts'
export { parseSweep } from './parseSweep.ts'
export { identityWalk, sweepIdentity } from './plan/sweep.ts'
export { type Preset, presets, type Range } from './presets/presets.ts'
export { changeOfSteps, isPlain, stepsByEta } from './rules.ts'
export { stepSamples, type TrainingNoise, trainingNoise, withoutTrainingNoise } from './samples.ts'
export { specSchema } from './schema/jsonSchema.ts'
export type { SpecInput } from './schema/spec.ts'
export { plainSettings, type SettingValue, settingsOf } from './settings.ts'
export { trainedStart, trainingCell, withLandscape } from './start/trainingCell.ts'
export { tensorsOfPoint } from './start/weights.ts'
export { formulaSlopes, type Slopes } from './stationary/slopes.ts'
export { type StopRule, type StopRuleName, stopRuleNames } from './stopping.ts'
export * from './sweep.ts'
export { minimalTrial } from './trial/minimalTrial.ts'
export { driftFormulas } from './update/drift.ts'
