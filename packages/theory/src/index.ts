import type { Cell, Tables } from '@driftfarm/spec'
import type { TheoremAnswer } from './shapes/index.ts'
import type { TheoremOptions } from './theorem/answer.ts'

// Exact answers by quadrature.
export type { Matrix } from '@driftfarm/formula'
// Asymptotic formulas, which hold in a limit. They are compared with measurements.
export { asymptotics, type BarrierHeight, barrierHeight } from './asymptotics/asymptotics.ts'
export type { AdditiveChain } from './chain.ts'
export type { TheoryErrorCode } from './error.ts'
// The minima at which noise-free descent ends.
export type { CriticalPoint, Kind, Polished, PolishOptions } from './minima/critical.ts'
export { type FindOptions, type FoundPoint, findMinima, type Minima } from './minima/findMinima.ts'
export type { Symmetry } from './minima/symmetry.ts'
export { type ChainSize, type OracleOptions, oracle } from './oracle/oracle.ts'
// What is known about a cell before its trials run.
export { barrierGround } from './premises/barrierGround.ts'
export { levelFor, type PremiseDemand } from './premises/budget.ts'
export { controlCellOf } from './premises/control.ts'
export { type PremiseOptions, premisesOf } from './premises/premises.ts'
export { barrierTemperature, type RuleTemperature } from './premises/temperature.ts'
export type { NotApplicable } from './refusal.ts'
// The answers, as the documents present them.
export type * from './shapes/index.ts'
// Theorems 1 to 3.
export { isSameEvent, type TheoremOptions } from './theorem/answer.ts'
export { isFixed } from './theorem/minimum.ts'

/** Applies the theorems to a cell, as described in `theorem/theorem.ts`. The proofs are loaded by the first call. */
export async function theorem(cell: Cell, tables: Tables, options: TheoremOptions = {}): Promise<TheoremAnswer> {
  const { theorem } = await import('./theorem/theorem.ts')
  return theorem(cell, tables, options)
}
