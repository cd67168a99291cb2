import { functionNames, isFunctionName } from './names.ts'

/** Modules of Python and JavaScript whose functions are written with the module's name, as in np.sin. */
const modules = /^(np|numpy|math|torch|nn|functional|tf|jnp|jax|scipy|sp|sympy|special|Math|F|cmath|linalg|random)$/

const noChoice = 'expressions have no if: use relu, abs, min or max, such as max(x, 0)'
const noNoise = 'expressions have no random numbers: add noise with update.drift'

/** Hints for functions that expressions do not have, or have under a different name. */
const functions: Readonly<Record<string, string>> = {
  ln: 'log(x) is the natural logarithm',
  log10: 'write log(x)/log(10)',
  log2: 'write log(x)/log(2)',
  log1p: 'write log(1 + x)',
  expm1: 'write exp(x) - 1',
  pow: 'write x^y',
  power: 'write x^y',
  sqr: 'write x^2, or sqrt(x) for the square root',
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
  sign: 'write x/abs(x); sign is available only in custom rules',
  where: noChoice,
  heaviside: noChoice,
  floor: 'expressions have no rounding',
  round: 'expressions have no rounding',
  mod: 'expressions have no remainder',
  exp2: 'write 2^x',
  any: 'join the conditions with ||, as in x > 0 || y > 0',
  all: 'join the conditions with &&, as in x > 0 && y > 0',
  randn: noNoise,
  rand: noNoise,
  normal: noNoise,
  uniform: noNoise,
  linspace: 'expressions have no lists: write a list of values under sweep',
  arange: 'expressions have no lists: write a list of values under sweep',
}

/** The hint for a function of another language; null if there is none. */
export function functionHint(word: string): string | null {
  const plain = word.toLowerCase()
  return Object.hasOwn(functions, plain) ? functions[plain]! : null
}

/** The hint for a name with a dot in it, such as np.sin. */
export function dottedHint(dotted: string, isCall: boolean): string {
  const words = dotted.split('.')
  const last = words.at(-1)!
  if (!words.slice(0, -1).every((word) => modules.test(word)))
    return methodHint(dotted.slice(0, -last.length - 1), last, isCall)
  if (last === 'sum' || last === 'prod') return `write ${last}(i, 1, d, ...), such as ${last}(i, 1, d, x[i]^2)`
  const hint = functionHint(last)
  if (hint !== null) return hint
  return /^(pi|e)$/i.test(last) ? `write ${last.toLowerCase()}` : `remove the prefix: ${last.toLowerCase()}(...)`
}

/**
 * The hint for a dotted name that is not a function of a module. `x.pow(2)` is a method call of another language;
 * `update.eta` is a path of the spec.
 */
function methodHint(owner: string, last: string, isCall: boolean): string {
  if (isFunctionName(last, functionNames)) return `write ${last}(${owner})`
  const hint = functionHint(last)
  if (hint !== null) return hint
  if (isCall) return `expressions have no methods: write only ${owner}`
  return `a name cannot contain a dot: write only the last word, ${last}`
}

/** Hints for keywords of other languages, such as `and` between two operands or `not` before one. */
const words: Readonly<Record<string, string>> = {
  and: 'write && instead of and',
  or: 'write || instead of or',
  not: 'write ! instead of not, as in !(x > 0)',
  if: noChoice,
  else: noChoice,
  is: 'write == to compare',
  in: 'write two comparisons joined with &&, as in x > 0 && x < 1',
  lambda: 'write only the expression, without lambda and its names',
  return: 'write only the expression, without return',
  def: 'write only the expression, without def and a name',
  mod: 'expressions have no remainder',
  xor: 'write (a && !b) || (!a && b)',
}

export function wordHint(word: string): string | null {
  const plain = word.toLowerCase()
  return Object.hasOwn(words, plain) ? words[plain]! : null
}
