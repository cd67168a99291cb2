import { differentiate, type Expression, evaluate, freeNames } from '@driftfarm/formula'
import { newName, ruleExpressions } from '@driftfarm/kernel'
import type { Rule } from '@driftfarm/spec'
import { keyOfPart } from './keys.ts'
import { RecentCache } from './recentCache.ts'

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
  return forms.get(`${eta} ${keyOfPart(rule)}`, () => ({ form: formAt(rule, eta) })).form
}

const forms = new RecentCache<{ readonly form: LinearRule | null }>(1024)

function formAt(rule: Rule, eta: number): LinearRule | null {
  const { slopes, numbers } = known.get(keyOfPart(rule), () => slopesOf(rule))
  if (slopes === null) return null
  const forms = slopes.map((partials): LinearForm => {
    const values = partials.map((e) => valueAt(e, eta, numbers))
    const [g, theta, xi, ...states] = values as [number, number, number, ...number[]]
    return { g, theta, xi, states }
  })
  if (!forms.every(allFinite)) return null
  return { next: forms.slice(0, -1), theta: forms.at(-1)! }
}

interface Known {
  /**
   * Partial derivatives of each expression with respect to g, theta, xi and the states, in this order; null if the rule
   * is not linear.
   */
  readonly slopes: readonly (readonly Expression[])[] | null
  readonly numbers: ReadonlyMap<string, number>
}

const known = new RecentCache<Known>(16)

function slopesOf(rule: Rule): Known {
  const { states, theta, parameters: numbers } = ruleExpressions(rule, 0)
  const names = states.map(({ name }) => name)
  const by = (e: Expression, over: readonly string[]) =>
    ['g', 'theta', 'xi', ...over].map((name) => differentiate(e, { name }))
  const slopes = [...states.map(({ next }) => by(next, names)), by(theta, names.map(newName))]
  const isConstant = (e: Expression) => [...freeNames(e).names].every((name) => name === 'eta' || numbers.has(name))
  // If a derivative depends on anything but eta and the parameters, the rule is not linear or changes with n.
  return { slopes: slopes.flat().every(isConstant) && !isStepwise(rule) ? slopes : null, numbers }
}

/**
 * The derivative of `sign` is 0 on both sides of the jump, so derivatives do not show that such a rule is not linear.
 */
function isStepwise(rule: Rule): boolean {
  return rule.kind === 'custom' && [...rule.state.map(({ next }) => next), rule.theta].some((e) => /\bsign\b/.test(e))
}

function allFinite({ g, theta, xi, states }: LinearForm): boolean {
  return [g, theta, xi, ...states].every(Number.isFinite)
}

function valueAt(e: Expression, eta: number, numbers: ReadonlyMap<string, number>): number {
  const valueOf = (name: string) => (name === 'eta' ? eta : (numbers.get(name) ?? Number.NaN))
  return Number(evaluate(e, { name: valueOf, element: () => Number.NaN }))
}
