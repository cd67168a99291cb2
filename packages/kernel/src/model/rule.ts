import { type Expression, freeNames, parseNumber, substitute } from '@driftfarm/formula'
import type { Rule } from '@driftfarm/spec'

/** An update rule as expressions for one coordinate. */
export interface RuleExpressions {
  /** `next` computes a new state from g, theta, the old states, eta, n, `stepsTaken`, xi and the parameters. */
  readonly states: readonly { readonly name: string; readonly initial: number; readonly next: Expression }[]
  /** Computes the new theta from all that `next` may use, and also from the new values of the states (`newName`). */
  readonly theta: Expression
  /** Parameters of a named rule, under names that users cannot write. */
  readonly parameters: ReadonlyMap<string, number>
  /** Whether the rule uses xi, a standard normal that is drawn for the rule. */
  readonly draws: boolean
}

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

export function ruleExpressions(rule: Rule, warmup: number): RuleExpressions {
  if (rule.kind === 'custom') return expressionsOf(rule.state, rule.theta, [], new Map(), new Map())
  const { kind, ...parameters } = rule
  const { state, theta } = texts[kind]
  return expressionsOf(
    Object.entries(state).map(([name, next]) => ({ name, initial: 0, next })),
    theta,
    Object.keys(parameters),
    ruleParameters(rule),
    new Map([['taken', nameOf(warmup > 0 ? stepsTaken : 'n')]]),
  )
}

export function initialStatesOf(rule: Rule): readonly number[] {
  return rule.kind === 'custom'
    ? rule.state.map(({ initial }) => initial)
    : Object.keys(texts[rule.kind].state).map(() => 0)
}

export function ruleParameters(rule: Rule): ReadonlyMap<string, number> {
  if (rule.kind === 'custom') return new Map()
  const { kind: _, ...parameters } = rule
  return new Map(Object.entries(parameters).map(([name, value]) => [ruleName(name), value] as const))
}

function expressionsOf(
  state: readonly { readonly name: string; readonly initial: number; readonly next: string }[],
  theta: string,
  ownNames: readonly string[],
  parameters: ReadonlyMap<string, number>,
  more: ReadonlyMap<string, Expression>,
): RuleExpressions {
  const own = new Map([...more, ...ownNames.map((name) => [name, nameOf(ruleName(name))] as const)])
  const renewed = new Map(state.map(({ name }) => [name, nameOf(newName(name))] as const))
  const read = (text: string) => substitute(parseNumber(text, { rule: true }), own)
  const states = state.map(({ name, initial, next }) => ({ name, initial, next: read(next) }))
  const last = read(theta)
  return {
    states,
    theta: substitute(last, renewed),
    parameters,
    draws: [last, ...states.map(({ next }) => next)].some((e) => freeNames(e).names.has('xi')),
  }
}

function ruleName(parameter: string): string {
  return `rule.${parameter}`
}

function nameOf(name: string): Expression {
  return { kind: 'name', name }
}
