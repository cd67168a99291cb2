import { type FunctionName, functionArity } from './expression.ts'

/** A function of the rules that make theta' from g; losses and conditions do not know it. */
const ruleFunction = 'sign' satisfies FunctionName

/** What every expression may call. */
export const functionNames = (Object.keys(functionArity) as FunctionName[]).filter((name) => name !== ruleFunction)

/** What an expression of a rule may call. */
export const ruleFunctionNames: readonly FunctionName[] = [...functionNames, ruleFunction]

/** Written as names, read as numbers: the nearest doubles, spelt out because engines may differ in Math.PI. */
export const constants: ReadonlyMap<string, number> = new Map([
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: the standard leaves the bits of Math.PI to the engine.
  ['pi', 3.141592653589793],
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: as above.
  ['e', 2.718281828459045],
])

/** `select` is reserved because derivatives print with it. */
const reserved: ReadonlySet<string> = new Set([...functionNames, ...constants.keys(), 'sum', 'prod', 'select'])

export function isFunctionName(word: string, known: readonly FunctionName[] = functionNames): word is FunctionName {
  return (known as readonly string[]).includes(word)
}

/** A word of the grammar itself, which no variable, parameter or index may be called. */
export function isReserved(word: string): boolean {
  return reserved.has(word)
}

/** Whether `word` can be the name of a variable or parameter: letters, digits and _, no digit first, not reserved. */
export function isName(word: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(word) && !reserved.has(word)
}

/** A name that is like `name` and not among the taken ones: i, i_1, i_2 ... */
export function freshName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  const stem = name.replace(/_\d+$/, '')
  for (let count = 1; ; count++) {
    const candidate = `${stem}_${count}`
    if (!taken.has(candidate)) return candidate
  }
}
