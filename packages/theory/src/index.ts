// What mathematics says of a landscape.

// The chain that a cell's trials are.
export { type AdditiveChain, additiveChain, type Refusal } from './chain.ts'
export { TheoryError, type TheoryErrorCode } from './error.ts'
// Asymptotic laws, to lay beside measurements.
export type { AppliedLaw, Law, LawName, Quantity, RefusedLaw } from './laws/law.ts'
export { laws } from './laws/laws.ts'
export type { Matrix } from './linear/matrix.ts'
export { spectrum } from './linear/spectrum.ts'
// Where noise-free descent ends.
export type { CriticalPoint, Kind, Tolerances } from './minima/critical.ts'
export { hessian } from './minima/curvature.ts'
export { type FindOptions, type FoundPoint, findMinima, type Minima, type Share } from './minima/findMinima.ts'
export type { GatherTolerances } from './minima/gather.ts'
export { type Polished, type PolishOptions, polish } from './minima/polish.ts'
export { type Symmetry, symmetryOf } from './minima/symmetry/symmetry.ts'
// Exact answers by quadrature.
export type { ExactAnswer, OracleAnswer } from './oracle/answer.ts'
export { isotropicQuadratic } from './oracle/isotropicQuadratic.ts'
export { type OracleOptions, oracle } from './oracle/oracle.ts'
// What is known of a cell before its trials.
export { barrierTemperature } from './premises/barrierTemperature.ts'
export { controlCellOf } from './premises/controlCell.ts'
export type { ModuleOf } from './premises/modules.ts'
export { type PremiseOptions, premisesOf, premisesWithoutTrials } from './premises/premises.ts'
export { effectiveTemperature, type RuleTemperature, temperatureOf } from './premises/temperature.ts'
// The radial chain, which bounds all others from both sides.
export { type RadialEver, radialEver } from './radial/ever.ts'
export { type RadialChain, type RadialSurvival, radialSurvival } from './radial/survival.ts'
// Theorem 1.
export type { AdditiveBounds, Forever, TheoremAnswer, TheoremCondition } from './theorem/answer.ts'
export type { Curvature } from './theorem/curvature.ts'
export { type TheoremOptions, theorem } from './theorem/theorem.ts'
export type { VanishingBound } from './theorem/vanishing.ts'
