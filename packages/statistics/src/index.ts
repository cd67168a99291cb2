export { bothDone, type ComparedCells, comparedCells, keyOf, keyOfCells } from './contrast/comparedCells.ts'
export { type ContrastEstimate, contrastOf, type Side } from './contrast/contrastOf.ts'
export { type BitRange, countBits, countPairs, eventBits } from './contrast/eventBits.ts'
export { independent, pairsOf } from './contrast/pairsOf.ts'
export type { PairTally } from './contrast/pairTally.ts'
export { extentOf } from './extent.ts'
// The other exports, by folder.

export { agreement, type MethodEstimate } from './check/agreement.ts'
export { type Check, type CheckName, checkNames, checkShape, isDoubt, type Verdict } from './check/check.ts'
export { type CheckedCell, checksOf, inOrder } from './check/checksOf.ts'
export type { EscapeKind } from './check/control.ts'
export { type Finding, findingShape, findingsOf } from './check/findings.ts'
export { premiseChecks } from './check/premiseChecks.ts'
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
} from './check/premises.ts'
export { type Widening, wideningOf } from './check/widening.ts'
export { type StatisticsCode, StatisticsError } from './error.ts'
export { countOf, eventAt } from './estimate/count.ts'
export { type Events, escapeLabel } from './estimate/defined.ts'
export { type EndCurve, EndStepsOf, endCurves, rowsDistinguishExits } from './estimate/endCurves.ts'
export { type CurvePoint, type EscapeCurve, escapeCurve } from './estimate/escapeCurve.ts'
export { type Estimate, type Exponentiality, estimateShape } from './estimate/estimate.ts'
export { estimatesOf, namesOf as namesOfEstimates } from './estimate/estimatesOf.ts'
export { orderOfEstimates } from './estimate/order.ts'
export { meaningOf } from './estimate/registry.ts'
export { suffices } from './estimate/suffices.ts'
export { mayHaveEscaped } from './estimate/undecided.ts'
export { relativeVariance, splitting } from './estimate/valued.ts'
export type { EffectiveBarrier } from './fit/barrier.ts'
export { type BarrierFault, type BarrierGround, contradicts } from './fit/barrierFaults.ts'
export { intercept } from './fit/design.ts'
export type { Family, Link } from './fit/family.ts'
export type { Coefficient, Fit, FittedCell, Parameter } from './fit/fit.ts'
export { fitOf, fitWithoutBarrier, type JudgedCell, type SweepFit } from './fit/fitOf.ts'
export type { BarrierTemperature, FitTemperature } from './fit/fitTemperature.ts'
export { type FitFormula, readFitFormula } from './fit/formula.ts'
export { BlockSums, blocksFor, type SharedNoise } from './fit/sharedNoise.ts'
export type { StudiedCell, Study } from './fit/study.ts'
export { trialReader } from './fit/trialReader.ts'
export { clopperPearson } from './interval/clopperPearson.ts'
export type { Interval } from './interval/interval.ts'
export { count, decimal, nonNegative, type Plain, share } from './shape.ts'
export { type Sizing, type SizingTarget, sizingOf } from './sizing/sizing.ts'
// Special functions, for the exact answers of theory.
export { incompleteBeta } from './special/beta.ts'
export { gammaUpperTail } from './special/gamma.ts'
export { logGammaUpperTail } from './special/gammaTail.ts'
export { gaussLegendre } from './special/gaussLegendre.ts'
export { logGamma } from './special/logGamma.ts'
export { noncentralLowerTail, noncentralUpperTail } from './special/noncentral.ts'
export { normalQuantile } from './special/normal.ts'
export { normalTail } from './special/normalTail.ts'
export { expMinusOne, logOnePlus, relativeDeviance } from './special/series.ts'
export { stirlingError } from './special/stirling.ts'
export { checkPoints } from './stopping/checkPoints.ts'
export { type Decision, decide } from './stopping/decide.ts'
export { guardOf, type IntervalGuard } from './stopping/guard.ts'
export { needOf } from './stopping/need.ts'
export type { SampleSizeChoice } from './stopping/sampleSizeChoice.ts'
export { type ChoiceInputs, sampleSizeChoiceOf } from './stopping/sampleSizeChoiceOf.ts'
export { type Stopped, stoppedBy, stoppedShape } from './stopping/stopped.ts'
export { type TallyJson, tallyFromJson, tallyToJson } from './tallyJson.ts'
export { bracketsOf } from './threshold/brackets.ts'
export { type Crossings, crossingsOf, type VisitedPoint } from './threshold/crossings.ts'
export { firstPlaces, nextPlaces, type SearchLine, type ThresholdSide } from './threshold/search.ts'
