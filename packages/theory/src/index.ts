// Asymptotic formulas, which hold in a limit. They are compared with measurements.

export type { Matrix } from '@driftfarm/formula'
export type {
  AppliedAsymptotic,
  Asymptotic,
  AsymptoticName,
  Quantity,
  RefusedAsymptotic,
} from './asymptotics/asymptotic.ts'
export { asymptotics, type BarrierHeight, barrierHeight } from './asymptotics/asymptotics.ts'
export type { Curvature } from './ball/curvature.ts'
// Theorem 2.
export type { Certificate } from './certificate/certificate.ts'
export type { Explicit } from './certificate/stationary.ts'
export type { AdditiveChain, NotApplicable } from './chain.ts'
export type { TheoryErrorCode } from './error.ts'
// The minima at which noise-free descent ends.
export type { CriticalPoint, Kind, Polished, PolishOptions, Tolerances } from './minima/critical.ts'
export type { GatherTolerances } from './minima/criticalPointCollector.ts'
export { type FindOptions, type FoundPoint, findMinima, type Minima, type Share } from './minima/findMinima.ts'
export type { Symmetry } from './minima/symmetry.ts'
export { type ChainSize, type OracleOptions, oracle } from './oracle/oracle.ts'
// What is known about a cell before its trials run.
export { barrierGround } from './premises/barrierGround.ts'
export { levelFor, type PremiseDemand } from './premises/budget.ts'
export { controlCellOf } from './premises/control.ts'
export { fullBatch } from './premises/plainCell.ts'
export { type PremiseOptions, premisesOf } from './premises/premises.ts'
export type { RuleTemperature } from './premises/temperature.ts'
export { barrierTemperature } from './premises/temperature.ts'
// Exact answers by quadrature.
export type { ExactAnswer, OracleAnswer } from './question/answer.ts'
// Theorem 1.
export type {
  AdditiveBounds,
  Convergence,
  Forever,
  TheoremAnswer,
  TheoremCondition,
  TheoremOptions,
} from './theorem/answer.ts'
export { isSameEvent } from './theorem/answer.ts'
export { isFixed } from './theorem/minimum.ts'
export { theorem } from './theorem/theorem.ts'
export type { VanishingBound } from './theorem/vanishing.ts'
