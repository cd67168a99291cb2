// What mathematics says of a landscape.

// The chain that a cell's trials are.
export { type AdditiveChain, additiveChain, type Refusal } from './chain.ts'
export { TheoryError, type TheoryErrorCode } from './error.ts'
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
export { isotropicQuadratic } from './oracle/isotropicQuadratic.ts'
export { type ExactAnswer, type OracleAnswer, type OracleOptions, oracle } from './oracle/oracle.ts'
