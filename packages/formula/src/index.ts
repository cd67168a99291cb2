// Expressions: their types, parsing, printing, building and walking.
export * as build from './build.ts'
// Errors, for this package and for the packages that depend on it.
export { type CodedErrors, codedError, DriftfarmError, type Ending, endings, sharedErrors } from './codedError.ts'
export { countText } from './countText.ts'
export { driftfarmError, entryOf, fullWords, kindOf, serverHint } from './driftfarmError.ts'
export { FormulaError, type FormulaErrorCode, type Span } from './errors.ts'
export * from './expression.ts'
export {
  cachedFold,
  children,
  countNodes,
  type FoldOptions,
  fold,
  Identities,
  nodeCounter,
  withChildren,
} from './fold.ts'
export { limits } from './limits.ts'
export { hessian } from './linear/hessian.ts'
export { dot, largestEntry, type Matrix, norm, rowsOf, zeros } from './linear/matrix.ts'
export { cholesky, solve, solveCholesky } from './linear/solve.ts'
export { constants, isReserved } from './names.ts'
export { nearestWord } from './nearestWord.ts'
export { type ParseOptions, parse, parseCondition, parseNumber } from './parser.ts'
export { print } from './print.ts'
export { type FreeNames, freeNames } from './substitute.ts'

// Operations on expressions: checking, evaluating, differentiating, simplifying.

export { checkNames } from './checkNames.ts'
export {
  type Condition,
  compileCondition,
  compileScalar,
  evaluate,
  NamedValues,
  type Scalar,
  type Slots,
} from './compile.ts'
export { differentiate, partials } from './differentiate.ts'
export { tanhTable } from './elementary/hyperbolic.ts'
export * as elementary from './elementary/index.ts'
export { expand } from './expand.ts'
export type { Variable } from './gradient.ts'
export { operations } from './operations.ts'
export { Simplifier, simplify } from './simplify.ts'
export { substitute } from './substitute.ts'
