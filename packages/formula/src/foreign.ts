import { functionNames, isFunctionName } from './names.ts'

/** Modules of Python and JavaScript whose functions people write with the module's name, as in np.sin. */
const modules = /^(np|numpy|math|torch|nn|functional|tf|jnp|jax|scipy|sp|sympy|special|Math|F|cmath|linalg|random)$/

const noChoice = 'an expression has no if: use relu, abs, min or max, such as max(x, 0)'
const noNoise = 'an expression has no random numbers: noise is the drift of update'

/** Hints for functions that have another name here, or that expressions do not have. */
const functions: Readonly<Record<string, string>> = {
  ln: 'log(x) is the natural logarithm',
  log10: 'write log(x)/log(10)',
  log2: 'write log(x)/log(2)',
  log1p: 'write log(1 + x)',
  expm1: 'write exp(x) - 1',
  pow: 'write x^y',
  power: 'write x^y',
  sqr: 'write x^2, or sqrt(x) for the root',
  square: 'write x^2',
  cbrt: 'write x^(1/3)',
  arctan: 'did you mean atan?',
  arctan2: 'write atan(y/x)',
  atan2: 'write atan(y/x)',
  arccos: 'did you mean acos?',
  asin: 'write pi/2 - acos(x)',
  arcsin: 'write pi/2 - acos(x)',
  fabs: 'write abs(x)',
  absolute: 'write abs(x)',
  maximum: 'write max(a, b)',
  minimum: 'write min(a, b)',
  clip: 'write max(low, min(x, high))',
  clamp: 'write max(low, min(x, high))',
  product: 'did you mean prod?',
  logistic: 'did you mean sigmoid?',
  expit: 'did you mean sigmoid?',
  norm: 'write sqrt(x^2 + y^2), or sqrt(sum(i, 1, d, x[i]^2))',
  dot: 'write sum(i, 1, d, a[i]*b[i])',
  mean: 'write sum(i, 1, d, x[i])/d',
  len: 'the dimension is d',
  sign: 'write x/abs(x); sign is known to custom rules alone',
  where: noChoice,
  heaviside: noChoice,
  floor: 'there is no rounding in an expression',
  round: 'there is no rounding in an expression',
  mod: 'there is no remainder in an expression',
  exp2: 'write 2^x',
  any: 'join the conditions by ||, as in x > 0 || y > 0',
  all: 'join the conditions by &&, as in x > 0 && y > 0',
  randn: noNoise,
  rand: noNoise,
  normal: noNoise,
  uniform: noNoise,
  linspace: 'an expression has no lists: a list of values belongs under sweep',
  arange: 'an expression has no lists: a list of values belongs under sweep',
}

/** What to write for a function of another language; null where there is no hint. */
export function functionHint(word: string): string | null {
  const plain = word.toLowerCase()
  return Object.hasOwn(functions, plain) ? functions[plain]! : null
}

/** What to write for a name with a point in it, such as np.sin. */
export function dottedHint(dotted: string, isCall: boolean): string {
  const words = dotted.split('.')
  const last = words.at(-1)!
  if (!words.slice(0, -1).every((word) => modules.test(word)))
    return methodHint(dotted.slice(0, -last.length - 1), last, isCall)
  if (last === 'sum' || last === 'prod') return `write ${last}(i, 1, d, ...), such as ${last}(i, 1, d, x[i]^2)`
  const hint = functionHint(last)
  if (hint !== null) return hint
  return /^(pi|e)$/i.test(last) ? `write ${last.toLowerCase()}` : `leave the prefix out: ${last.toLowerCase()}(...)`
}

/**
 * The hint for a dotted name that is no module's function: `x.pow(2)` is a method call of another language,
 * `update.eta` a path of the spec.
 */
function methodHint(owner: string, last: string, isCall: boolean): string {
  if (isFunctionName(last, functionNames)) return `write ${last}(${owner})`
  const hint = functionHint(last)
  if (hint !== null) return hint
  if (isCall) return `there are no methods here: write ${owner} alone`
  return `a name has no point in it: write the last word alone, ${last}`
}

/** Hints for words of programming languages that stand between or before operands. */
const words: Readonly<Record<string, string>> = {
  and: 'write && for and',
  or: 'write || for or',
  not: 'write ! for not, as in !(x > 0)',
  if: noChoice,
  else: noChoice,
  is: 'write == to compare',
  in: 'write two comparisons joined by &&, as in x > 0 && x < 1',
  lambda: 'write the expression alone, without lambda and its names',
  return: 'write the expression alone, without return',
  def: 'write the expression alone, without def and a name',
  mod: 'there is no remainder in an expression',
  xor: 'write (a && !b) || (!a && b)',
}

export function wordHint(word: string): string | null {
  const plain = word.toLowerCase()
  return Object.hasOwn(words, plain) ? words[plain]! : null
}
