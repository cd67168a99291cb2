import { functionNames, isFunctionName } from './names.ts'

/** Prefixes of functions in Python and JavaScript, as in np.sin. */
const modules = /^(np|numpy|math|torch|nn|functional|tf|jnp|jax|scipy|sp|sympy|special|Math|F|cmath|linalg|random)$/

const noChoice = 'expressions have no if: use relu, abs, min or max, such as max(x, 0)'
const noNoise = 'expressions have no random numbers: add noise with update.drift'

const functionHints: Readonly<Record<string, string>> = {
  ln: 'write log(x) for the natural logarithm',
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
  len: 'write d for the dimension',
  sign: 'write x/abs(x); sign is available only in custom rules',
  where: noChoice,
  heaviside: noChoice,
  floor: 'expressions have no rounding functions',
  round: 'expressions have no rounding functions',
  mod: 'expressions have no remainder operation',
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

export function functionHint(word: string): string | null {
  const plain = word.toLowerCase()
  return Object.hasOwn(functionHints, plain) ? functionHints[plain]! : null
}

export function dottedHint(dotted: string, isCall: boolean): string {
  const words = dotted.split('.')
  const last = words.at(-1)!
  if (!words.slice(0, -1).every((word) => modules.test(word)))
    return methodHint(dotted.slice(0, -last.length - 1), last, isCall)
  if (last === 'sum' || last === 'prod') return `write ${last}(i, 1, d, ...), such as ${last}(i, 1, d, x[i]^2)`
  const hint = functionHint(last)
  if (hint !== null) return hint
  return /^(pi|e)$/i.test(last) ? `write ${last.toLowerCase()}` : `write ${last.toLowerCase()}(...) without a prefix`
}

/**
 * `owner.last` is a method call of another language, such as `x.pow(2)`, or a path of the spec, such as `update.eta`.
 */
function methodHint(owner: string, last: string, isCall: boolean): string {
  if (isFunctionName(last, functionNames)) return `write ${last}(${owner})`
  const hint = functionHint(last)
  if (hint !== null) return hint
  if (isCall) return `expressions have no methods: write only ${owner}`
  return `a name cannot contain a dot: write only the last word, ${last}`
}

const keywordHints: Readonly<Record<string, string>> = {
  and: 'write && instead of and',
  or: 'write || instead of or',
  not: 'write ! instead of not, as in !(x > 0)',
  if: noChoice,
  else: noChoice,
  is: 'write == to compare',
  in: 'write two comparisons joined with &&, as in x > 0 && x < 1',
  lambda: 'write only the expression, without lambda and the arguments',
  return: 'write only the expression, without return',
  def: 'write only the expression, without def and the function name',
  mod: 'expressions have no remainder operation',
  xor: 'write (a && !b) || (!a && b)',
}

export function wordHint(word: string): string | null {
  const plain = word.toLowerCase()
  return Object.hasOwn(keywordHints, plain) ? keywordHints[plain]! : null
}
