// Expressions: what they are and how they are read and written.
export * as build from './build.ts'
export { FormulaError, type FormulaErrorCode, type Span } from './errors.ts'
export * from './expression.ts'
export { children, countNodes, type FoldOptions, fold, isBoolean, withChildren } from './fold.ts'
export { type FreeNames, freeNames } from './free-names.ts'
export { limits } from './limits.ts'
export { constants, functionNames, isName, isReserved } from './names.ts'
export { nearestWord } from './nearest-word.ts'
export { parse, parseCondition, parseNumber } from './parser.ts'
export { print } from './print.ts'

// What is done with them.
export { substitute } from './substitute.ts'
