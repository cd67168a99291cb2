import * as build from './build.ts'
import type { Expression, FunctionName } from './expression.ts'

type Call = Extract<Expression, { kind: 'call' }>

/** 2 / sqrt(pi), rounded (mpmath: nstr(2 / sqrt(pi), 17)). */
const twoOverRootPi = 1.1283791670955126

export function derivativeOf(word: Exclude<FunctionName, 'min' | 'max'>, e: Call): Expression {
  const u = e.arguments[0]!
  const square = build.raise(u, build.two)
  switch (word) {
    case 'exp':
      return e
    case 'log':
      return build.divide(build.one, u)
    case 'sqrt':
      return build.divide(build.one, build.multiply(build.two, e))
    case 'sin':
      return build.call('cos', u)
    case 'cos':
      return build.negate(build.call('sin', u))
    case 'tan':
      return build.add(build.one, build.raise(e, build.two))
    case 'sinh':
      return build.call('cosh', u)
    case 'cosh':
      return build.call('sinh', u)
    case 'tanh':
      return build.subtract(build.one, build.raise(e, build.two))
    case 'atan':
      return build.divide(build.one, build.add(build.one, square))
    case 'acos':
      return build.divide(build.minusOne, build.call('sqrt', build.subtract(build.one, square)))
    case 'abs':
      return build.select(positive(u), build.one, build.select(negative(u), build.minusOne, build.zero))
    case 'relu':
      return build.select(positive(u), build.one, build.zero)
    case 'sign':
      return build.zero
    case 'sigmoid':
      return build.multiply(e, build.subtract(build.one, e))
    case 'softplus':
      return build.call('sigmoid', u)
    case 'erf':
      return build.multiply(build.number(twoOverRootPi), build.call('exp', build.negate(square)))
  }
}

function positive(e: Expression): Expression {
  return build.compare('>', e, build.zero)
}

function negative(e: Expression): Expression {
  return build.compare('<', e, build.zero)
}
