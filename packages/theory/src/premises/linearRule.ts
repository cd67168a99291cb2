import { differentiate, type Expression, evaluate, freeNames } from '@driftfarm/formula'
import { newName, ruleExpressions } from '@driftfarm/kernel'
import { type Cell, changeOfSteps, type Rule } from '@driftfarm/spec'
import type { Recursion } from '../linear/recursion.ts'
import { keyOfPart, RecentCache } from '../recentCache.ts'

export interface LinearForm {
  readonly g: number
  readonly theta: number
  /** The factor of the standard normal number that the rule itself draws. */
  readonly xi: number
  readonly states: readonly number[]
}

/**
 * One coordinate of a linear rule. Constant terms are omitted, because they only shift the point at which the rule
 * comes to rest.
 */
export interface LinearRule {
  /** For each state, its next value as a linear form in g, theta, xi and the old states. */
  readonly next: readonly LinearForm[]
  /** The next theta as a linear form in g, theta, xi and the new states. */
  readonly theta: LinearForm
}

/**
 * Returns null if steps are not a linear function of the gradients, as for adagrad, rmsprop, adam and custom rules like
 * them.
 */
export function linearRule(rule: Rule, eta: number): LinearRule | null {
  return known.get(keyOfPart(rule), () => linearRuleAt(rule))(eta)
}

/** The linear rule of a cell's steps at the step size `eta`; null also if the update changes the steps of its rule. */
export function linearSteps({ update }: Cell, eta: number): LinearRule | null {
  return changeOfSteps(update) === null ? linearRule(update.rule, eta) : null
}

const known = new RecentCache<(eta: number) => LinearRule | null>(16)

/** Returns the linear rule as a function of eta. */
function linearRuleAt(rule: Rule): (eta: number) => LinearRule | null {
  const { states, theta, parameters } = ruleExpressions(rule, 0)
  const names = states.map(({ name }) => name)
  const by = (e: Expression, over: readonly string[]) =>
    ['g', 'theta', 'xi', ...over].map((name) => differentiate(e, { name }))
  const slopes = [...states.map(({ next }) => by(next, names)), by(theta, names.map(newName))]
  const isConstant = (e: Expression) => [...freeNames(e).names].every((name) => name === 'eta' || parameters.has(name))
  // If a derivative depends on anything but eta and the parameters, the rule is not linear or changes with n.
  if (!slopes.flat().every(isConstant) || isStepwise(rule)) return () => null
  return (eta) => {
    const valueOf = (name: string) => (name === 'eta' ? eta : parameters.get(name)!)
    const values = slopes.map((partials) => partials.map((e) => Number(evaluate(e, valueOf))))
    if (!values.flat().every(Number.isFinite)) return null
    const linear = values.map(
      ([g, theta, xi, ...over]): LinearForm => ({ g: g!, theta: theta!, xi: xi!, states: over }),
    )
    return { next: linear.slice(0, -1), theta: linear.at(-1)! }
  }
}

/**
 * The derivative of `sign` is 0 on both sides of the jump, so derivatives do not show that such a rule is not linear.
 */
function isStepwise(rule: Rule): boolean {
  return rule.kind === 'custom' && [...rule.state.map(({ next }) => next), rule.theta].some((e) => /\bsign\b/.test(e))
}

/** The standard deviations of the two independent kinds of noise that drift adds to one coordinate in one step. */
export interface StepNoise {
  readonly gradient: number
  /** Standard deviation of the noise that is added after the rule has computed the new theta. */
  readonly theta: number
}

export function recursionOf({ next, theta }: LinearRule, curvature: number, noise: StepNoise): Recursion {
  const size = 1 + next.length
  const row = ({ g, theta: own, xi, states }: LinearForm) => ({
    over: [g * curvature + own, ...states],
    gradient: g * noise.gradient,
    xi,
  })
  const states = next.map(row)
  const last = row(theta)
  // The rule gives the new theta as a combination of new states. Each new state is replaced by its combination of old
  // values.
  const through = (of: (state: (typeof states)[number]) => number) =>
    theta.states.reduce((sum, weight, k) => sum + weight * of(states[k]!), 0)
  const first = {
    over: Array.from({ length: size }, (_, j) => (j === 0 ? last.over[0]! : 0) + through(({ over }) => over[j]!)),
    gradient: last.gradient + through(({ gradient }) => gradient),
    xi: last.xi + through(({ xi }) => xi),
  }
  const rows = [first, ...states]
  const covariance = rows.flatMap((one) => rows.map((other) => one.gradient * other.gradient + one.xi * other.xi))
  covariance[0]! += noise.theta * noise.theta
  return {
    matrix: { size, values: new Float64Array(rows.flatMap(({ over }) => over)) },
    covariance: { size, values: new Float64Array(covariance) },
  }
}
