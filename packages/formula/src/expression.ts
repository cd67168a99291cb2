/** The elementary functions of the grammar and the number of arguments of each. */
export const functionArity = {
  exp: 1,
  log: 1,
  sqrt: 1,
  sin: 1,
  cos: 1,
  tan: 1,
  sinh: 1,
  cosh: 1,
  tanh: 1,
  atan: 1,
  acos: 1,
  abs: 1,
  sigmoid: 1,
  softplus: 1,
  relu: 1,
  erf: 1,
  sign: 1,
  min: 2,
  max: 2,
} as const
export type FunctionName = keyof typeof functionArity

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '^'
export type CompareOperator = '<' | '<=' | '>' | '>=' | '==' | '!='

/**
 * A parsed expression: a frozen tree of plain values. Numbers and booleans are distinguished by kind: compare, logic
 * and not are boolean, all others are numbers.
 *
 * Semantics, with the same bits on every machine (IEEE 754 double, round to nearest, no contraction):
 * - `+ - * /` and sqrt, abs are the IEEE operations; a unary minus flips the sign bit.
 * - `a ^ k` with k a literal integer, |k| <= 64, is repeated squaring in the fixed order of `elementary.powerInteger`;
 *   every other power is `elementary.power`.
 * - min(a, b) = b < a ? b : a; max(a, b) = a < b ? b : a; relu(a) = a > 0 ? a : 0.
 * - sign(a) is -1, 0 or 1, sign(NaN) = NaN; it is available only in rules (`ParseOptions`).
 * - sum and prod run over the index from `from` to `to` (inclusive), left to right, starting from the first term (an
 *   empty sum is 0, an empty product 1). The index is an integer; x[1] is the first element of x.
 * - select is `then` where the condition holds, else `otherwise`; it arises only in derivatives.
 * - every other function is the function of the same name in `elementary`.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'element'; readonly name: string; readonly index: Expression }
  | { readonly kind: 'negate'; readonly argument: Expression }
  | ({ readonly kind: 'binary'; readonly operator: ArithmeticOperator } & Sides)
  | { readonly kind: 'call'; readonly function: FunctionName; readonly arguments: readonly Expression[] }
  | {
      readonly kind: 'reduce'
      readonly operator: 'sum' | 'prod'
      readonly index: string
      readonly from: Expression
      readonly to: Expression
      readonly body: Expression
    }
  | {
      readonly kind: 'select'
      readonly condition: Expression
      readonly then: Expression
      readonly otherwise: Expression
    }
  | ({ readonly kind: 'compare'; readonly operator: CompareOperator } & Sides)
  | ({ readonly kind: 'logic'; readonly operator: '&&' | '||' } & Sides)
  | { readonly kind: 'not'; readonly argument: Expression }

/** What an infix operator joins. */
interface Sides {
  readonly left: Expression
  readonly right: Expression
}

/** The expressions of one kind. */
export type Node<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>
