export { bothDone, type ComparedCells, comparedCells, keyOf, keyOfCells } from './contrast/comparedCells.ts'
export { type ContrastEstimate, contrastOf, type Side } from './contrast/contrastOf.ts'
export { independent, type PairTally, pairsOf } from './contrast/pairs.ts'
export { extentOf } from './interval/interval.ts'

// The other exports, by folder.

export {
  curvePointShape,
  EndStepsOf,
  endCurveShape,
  endCurves,
  escapeCurve,
  rowsDistinguishExits,
} from './cell/curves.ts'
export { decide, needOf } from './cell/decide.ts'
export { estimatesOf, meaningOf, namesOfEstimates, orderOfEstimates } from './cell/estimates.ts'
export { type BitRange, countBits, countOf, countPairs, eventAt, eventBits } from './cell/events.ts'
export { checkPoints, guardOf, type SampleSizeChoice, sampleSizeChoiceOf } from './cell/guard.ts'
export { endedText, type Stopped, stoppedShape, stoppedText } from './cell/stopped.ts'
export { suffices, type TallyJson, tallyFromJson, tallyToJson } from './cell/tallyJson.ts'
export { relativeVariance, splitting } from './cell/valued.ts'
export { checksOf, inOrder, premiseChecks } from './checks.ts'
export { agreement, type MethodEstimate } from './contrast/agreement.ts'
export { StatisticsError } from './error.ts'
export { type Estimate, estimateShape } from './evidence/estimate.ts'
export { type Events, escapeLabel, mayHaveEscaped } from './evidence/evidence.ts'
export type { CheckedCell, EscapeKind } from './finding/cellFindings.ts'
export { type Check, type CheckName, checkNames, checkShape, isDoubt, type Verdict } from './finding/check.ts'
export { type Finding, Findings, findingShape, findingsOf } from './finding/findings.ts'
export {
  type BasinPremise,
  type Control,
  type FirstStepPremise,
  type IdleReason,
  type OvershootPremise,
  type PremiseLevel,
  type PremisePart,
  type Premises,
  premiseLevels,
  premiseParts,
  premisesNotFound,
  premisesVersion,
  type RelaxationPremise,
  type ResolutionPremise,
  type SaddlePremise,
  type SettlingPremise,
  type StabilityPremise,
  type StartPremise,
  type TemperatureAt,
  type TemperaturePremise,
  type TwinsPremise,
} from './finding/premises.ts'
export { type BarrierFault, type BarrierGround, contradicts } from './fit/barrier.ts'
export { intercept } from './fit/design.ts'
export type { Coefficient, Fit, FittedCell } from './fit/fit.ts'
export { fitOf, fitWithoutBarrier, type JudgedCell, type SweepFit } from './fit/fitOf.ts'
export type { BarrierTemperature } from './fit/fitTemperature.ts'
export { readFitFormula } from './fit/formula.ts'
export { BlockSums, blocksFor, type SharedNoise, trialReader } from './fit/sharedNoise.ts'
export type { Study } from './fit/study.ts'
export { clopperPearson } from './interval/fixedSize.ts'
export type { Interval } from './interval/interval.ts'
export { type Sizing, type SizingTarget, sizingOf, wideningOf } from './interval/sizing.ts'
export { count, decimal, nonNegative, type Plain, share } from './shape.ts'
// Special functions, for the exact answers of theory.
export { incompleteBeta } from './special/beta.ts'
export { gammaUpperTail, logGammaUpperTail } from './special/gamma.ts'
export { noncentralLowerTail, noncentralUpperTail } from './special/noncentral.ts'
export { normalQuantile, normalTail } from './special/normal.ts'
export { gaussLegendre } from './special/quadrature.ts'
export { expMinusOne, logGamma, logOnePlus, relativeDeviance, stirlingError } from './special/series.ts'
export {
  bracketsOf,
  crossingsOf,
  firstPlaces,
  nextPlaces,
  type ThresholdSide,
  type VisitedPoint,
} from './threshold/search.ts'
