import { type NumberWords, ranges } from './field/range.ts'

export const ruleNumbers = {
  beta: { range: ranges.belowOne, description: 'Momentum factor of the rules momentum and nesterov.' },
  beta1: { range: ranges.belowOne, description: 'For adam: decay rate of the first moment. Default 0.9.' },
  beta2: { range: ranges.belowOne, description: 'For adam: decay rate of the second moment. Default 0.999.' },
  alpha: { range: ranges.belowOne, description: 'Smoothing constant of rmsprop. Default 0.99.' },
  epsilon: {
    range: ranges.nonNegative,
    description: 'Added to the denominator. Default: 1e-10 for adagrad, 1e-8 for rmsprop and adam.',
  },
} as const satisfies Readonly<Record<string, NumberWords>>

interface RuleWords {
  /** Defaults of the parameters; null if there is no default. */
  readonly numbers: Readonly<Partial<Record<keyof typeof ruleNumbers, number | null>>>
  /** `gradient`: the step length is proportional to the gradient. `eta`: it is about eta for every gradient. */
  readonly length: 'gradient' | 'eta'
}

/** All rules of the update except `custom`, by the names that specs and cells use. */
export const rules = {
  gradient: { numbers: {}, length: 'gradient' },
  momentum: { numbers: { beta: null }, length: 'gradient' },
  nesterov: { numbers: { beta: null }, length: 'gradient' },
  adagrad: { numbers: { epsilon: 1e-10 }, length: 'eta' },
  rmsprop: { numbers: { alpha: 0.99, epsilon: 1e-8 }, length: 'eta' },
  adam: { numbers: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, length: 'eta' },
} as const satisfies Readonly<Record<string, RuleWords>>

type Rules = typeof rules
export type RuleName = keyof Rules
export const ruleNames = Object.keys(rules) as [RuleName, ...RuleName[]]

/**
 * A rule with its parameters. The rules are defined as in PyTorch, except momentum: v' = beta v - eta g',
 * theta' = theta + v'. All states begin at zero.
 */
export type NamedRule = {
  [Name in RuleName]: { readonly kind: Name } & { readonly [Key in keyof Rules[Name]['numbers']]: number }
}[RuleName]

/** Whether the rule is plain descent, theta' = theta - eta g'. */
export const isPlain = (rule: NamedRule | { readonly kind: 'custom' }): boolean =>
  rule.kind === 'gradient' || ((rule.kind === 'momentum' || rule.kind === 'nesterov') && rule.beta === 0)

/** Whether the step length of the rule is about eta for every gradient. */
export const stepsByEta = (name: RuleName): boolean => rules[name].length === 'eta'

const changes = ['clip', 'decoupledDecay', 'sam', 'etaByLayer'] as const

/**
 * The first key of an update that changes the steps of its rule; null if steps are those of the rule with the step size
 * eta_n. The key `warmup` is not among them, because it changes only eta_n.
 */
export const changeOfSteps = (update: object): (typeof changes)[number] | null =>
  changes.find((key) => key in update) ?? null
