import { functionNames, isFunctionName } from './names.ts'

/** Prefixes of functions in Python and JavaScript, as in np.sin. */
const modules = /^(np|numpy|math|torch|nn|functional|tf|jnp|jax|scipy|sp|sympy|special|Math|F|cmath|linalg|random)$/

const noChoice = 'expressions have no if: use relu, abs, min or max, such as max(x, 0)'

/** Each row gives one hint to all of its words. */
const table = (rows: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(rows).flatMap(([words, hint]) => words.split(' ').map((word) => [word, hint] as const)))

const functionHints = table({
  ln: 'write log(x) for the natural logarithm',
  log10: 'write log(x)/log(10)',
  log2: 'write log(x)/log(2)',
  log1p: 'write log(1 + x)',
  expm1: 'write exp(x) - 1',
  'pow power': 'write x^y',
  sqr: 'write x^2, or sqrt(x) for the square root',
  square: 'write x^2',
  cbrt: 'write x^(1/3)',
  arctan: 'did you mean atan?',
  'arctan2 atan2': 'write atan(y/x)',
  arccos: 'did you mean acos?',
  'asin arcsin': 'write pi/2 - acos(x)',
  'fabs absolute': 'write abs(x)',
  maximum: 'write max(a, b)',
  minimum: 'write min(a, b)',
  'clip clamp': 'write max(low, min(x, high))',
  product: 'did you mean prod?',
  'logistic expit': 'did you mean sigmoid?',
  norm: 'write sqrt(x^2 + y^2), or sqrt(sum(i, 1, d, x[i]^2))',
  dot: 'write sum(i, 1, d, a[i]*b[i])',
  mean: 'write sum(i, 1, d, x[i])/d',
  len: 'write d for the dimension',
  sign: 'write x/abs(x); sign is available only in custom rules',
  'where heaviside': noChoice,
  'floor round': 'expressions have no rounding functions',
  mod: 'expressions have no remainder operation',
  exp2: 'write 2^x',
  any: 'join the conditions with ||, as in x > 0 || y > 0',
  all: 'join the conditions with &&, as in x > 0 && y > 0',
  'randn rand normal uniform': 'expressions have no random numbers: add noise with update.drift',
  'linspace arange': 'expressions have no lists: write a list of values under sweep',
})

export function functionHint(word: string): string | null {
  return functionHints.get(word.toLowerCase()) ?? null
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

const keywordHints = table({
  and: 'write && instead of and',
  or: 'write || instead of or',
  not: 'write ! instead of not, as in !(x > 0)',
  'if else': noChoice,
  is: 'write == to compare',
  in: 'write two comparisons joined with &&, as in x > 0 && x < 1',
  lambda: 'write only the expression, without lambda and the arguments',
  return: 'write only the expression, without return',
  def: 'write only the expression, without def and the function name',
  mod: 'expressions have no remainder operation',
  xor: 'write (a && !b) || (!a && b)',
})

export function wordHint(word: string): string | null {
  return keywordHints.get(word.toLowerCase()) ?? null
}
