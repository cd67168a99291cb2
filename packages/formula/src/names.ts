import { type FunctionName, functionArity } from './expression.ts'

/** Only the expressions of custom rules may call `sign`; losses and conditions must not. */
const ruleFunction = 'sign' satisfies FunctionName

export const functionNames = (Object.keys(functionArity) as FunctionName[]).filter((name) => name !== ruleFunction)

export const ruleFunctionNames: readonly FunctionName[] = [...functionNames, ruleFunction]

/**
 * Constants of the grammar: they are written as names and stand for the nearest doubles. Their digits are written out
 * because engines may differ in Math.PI.
 */
export const constants: ReadonlyMap<string, number> = new Map([
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: the standard leaves the bits of Math.PI to the engine.
  ['pi', 3.141592653589793],
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: as above.
  ['e', 2.718281828459045],
])

/** `select` is reserved because derivatives are printed with it. */
const reserved: ReadonlySet<string> = new Set([...functionNames, ...constants.keys(), 'sum', 'prod', 'select'])

export function isFunctionName(word: string, known: readonly FunctionName[] = functionNames): word is FunctionName {
  return (known as readonly string[]).includes(word)
}

/** Whether the word belongs to the grammar. Such a word cannot be the name of a variable, parameter or index. */
export function isReserved(word: string): boolean {
  return reserved.has(word)
}

export function isName(word: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(word) && !reserved.has(word)
}

/** Returns the first of i, i_1, i_2, ... that is not taken. */
export function freshName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  const stem = name.replace(/_\d+$/, '')
  for (let count = 1; ; count++) {
    const candidate = `${stem}_${count}`
    if (!taken.has(candidate)) return candidate
  }
}
