/** A spec as its text would be read; only what a hostile one changes is given. */
type Part = Readonly<Record<string, unknown>>
interface Changes {
  readonly variables?: readonly string[]
  readonly dimension?: number
  readonly landscape?: Part
  readonly formula?: Part
  readonly update?: Part
  readonly trial?: Part
  readonly rest?: Part
}
/** A spec of one formula, four trials of five steps. */
export declare function hostileSpec(expression: string, changes?: Changes): Part
/** Formulas, events, rules and numbers that ask for trouble, by name: each as a whole spec. */
export declare const hostileSpecs: Readonly<Record<string, () => Part>>
