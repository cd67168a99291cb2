// Intervals of a probability from k events in n trials.

export { type StatisticsCode, StatisticsError } from './error.ts'
// What a tally says.
export { countOf, eventAt } from './estimate/count.ts'
export { type Events, escapeLabel, probabilityNames } from './estimate/defined.ts'
export type { Estimate } from './estimate/estimate.ts'
export { estimatesOf } from './estimate/estimatesOf.ts'
export { type Warning, type WarningCode, warningsOf } from './estimate/warningsOf.ts'
export { betaBinomialSequence } from './interval/betaBinomial.ts'
export { clopperPearson } from './interval/clopperPearson.ts'
export type { Interval } from './interval/interval.ts'
export { jeffreys } from './interval/jeffreys.ts'
export { wilson } from './interval/wilson.ts'
// Special functions, for exact answers beside the counts.
export { gammaLowerQuantile, gammaUpperQuantile } from './special/gamma.ts'
export { normalQuantile } from './special/normal.ts'
export { normalTail } from './special/normalTail.ts'
export { expMinusOne, logOnePlus } from './special/series.ts'
// When a cell ends.
export { checkPoints } from './stopping/checkPoints.ts'
export { type Decision, decide } from './stopping/decide.ts'
export type { How } from './stopping/how.ts'
export { type TallyJson, tallyFromJson, tallyToJson } from './tallyJson.ts'
