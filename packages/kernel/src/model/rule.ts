import { type Expression, freeNames, parseNumber, substitute } from '@driftfarm/formula'
import type { Rule } from '@driftfarm/spec'

export type RuleExpressions = ReturnType<typeof ruleExpressions>

/** The name that stands for the new value of a state in the expression for theta. */
export function newName(state: string): string {
  return `${state}'`
}

const texts = {
  gradient: { state: {}, theta: 'theta - eta*g' },
  momentum: { state: { v: 'beta*v - eta*g' }, theta: 'theta + v' },
  nesterov: { state: { v: 'beta*v + g' }, theta: 'theta - eta*(g + beta*v)' },
  adagrad: { state: { s: 's + g^2' }, theta: 'theta - eta*g/(sqrt(s) + epsilon)' },
  rmsprop: { state: { s: 'alpha*s + (1 - alpha)*g^2' }, theta: 'theta - eta*g/(sqrt(s) + epsilon)' },
  adam: {
    state: { m: 'beta1*m + (1 - beta1)*g', v: 'beta2*v + (1 - beta2)*g^2' },
    theta: 'theta - eta/(1 - beta1^(taken + 1))*(m/(sqrt(v)/sqrt(1 - beta2^(taken + 1)) + epsilon))',
  },
} as const satisfies Record<
  Exclude<Rule['kind'], 'custom'>,
  { readonly state: Readonly<Record<string, string>>; readonly theta: string }
>

/** The number of steps that a trial has taken, including the warm-up, during which n stays 0. */
export const stepsTaken = 'rule.taken'

/** An update rule as expressions for one coordinate. */
export function ruleExpressions(rule: Rule, warmup: number) {
  const { kind, ...settings } = rule
  const own = new Map<string, Expression>()
  if (kind !== 'custom') {
    own.set('taken', nameOf(warmup > 0 ? stepsTaken : 'n'))
    for (const name of Object.keys(settings)) own.set(name, nameOf(ruleName(name)))
  }
  const read = (text: string) => substitute(parseNumber(text, { rule: true }), own)
  /** `next` computes a new state from g, theta, the old states, eta, n, `stepsTaken`, xi and the parameters. */
  const states = statesOf(rule).map(({ name, initial, next }) => ({ name, initial, next: read(next) }))
  const theta = read(thetaOf(rule))
  const renewed = new Map(states.map(({ name }) => [name, nameOf(newName(name))]))
  /** Whether the rule uses xi, a standard normal that is drawn for the rule. */
  const draws = [theta, ...states.map(({ next }) => next)].some((e) => freeNames(e).names.has('xi'))
  // The new theta may use all that `next` may use, and also the new values of the states (`newName`).
  return { states, theta: substitute(theta, renewed), parameters: ruleParameters(rule), draws }
}

export function statesOf(
  rule: Rule,
): readonly { readonly name: string; readonly initial: number; readonly next: string }[] {
  if (rule.kind === 'custom') return rule.state
  return Object.entries(texts[rule.kind].state).map(([name, next]) => ({ name, initial: 0, next }))
}

const thetaOf = (rule: Rule): string => (rule.kind === 'custom' ? rule.theta : texts[rule.kind].theta)

/** The new states and the new theta of a rule as formulas. A prime marks new values, and the gradient after drift. */
export function ruleFormulas(rule: Rule): readonly string[] {
  const states = statesOf(rule)
  const primed = (text: string, names: readonly string[]) =>
    text.replace(/\b[a-z_]\w*/gi, (word) => (names.includes(word) ? newName(word) : word === 'taken' ? 'n' : word))
  return [
    ...states.map(({ name, next }) => `${newName(name)} = ${primed(next, ['g'])}`),
    `theta' = ${primed(thetaOf(rule), ['g', ...states.map(({ name }) => name)])}`,
  ]
}

/** The parameters of a named rule, under names that users cannot write; a rule of the user has none. */
export function ruleParameters(rule: Rule): ReadonlyMap<string, number> {
  if (rule.kind === 'custom') return new Map()
  const { kind: _, ...parameters } = rule
  return new Map(Object.entries(parameters).map(([name, value]) => [ruleName(name), value] as const))
}

function ruleName(parameter: string): string {
  return `rule.${parameter}`
}

function nameOf(name: string): Expression {
  return { kind: 'name', name }
}
