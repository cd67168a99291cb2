import { differentiate, type Expression, evaluate, freeNames } from '@driftfarm/formula'
import { newName, ruleExpressions } from '@driftfarm/kernel'
import type { Rule } from '@driftfarm/spec'
import { Remembered } from './remembered.ts'

/** A sum of multiples of what a rule reads. */
export interface LinearForm {
  readonly g: number
  readonly theta: number
  /** The rule's own standard normal. */
  readonly xi: number
  /** One a state. */
  readonly states: readonly number[]
}

/** One coordinate of a rule that is linear, up to constants, which move where it stands and nothing else. */
export interface LinearRule {
  /** The next value of each state, over the old ones. */
  readonly next: readonly LinearForm[]
  /** The next theta, over the new states. */
  readonly theta: LinearForm
}

/**
 * The rule at this step size; null where steps are no linear function of the gradients: adagrad, rmsprop, adam, and
 * custom rules like them.
 */
export function linearRule(rule: Rule, eta: number): LinearRule | null {
  const { slopes, numbers } = known.get(JSON.stringify(rule), () => slopesOf(rule))
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
  /** Of each expression the partial derivatives by g, theta, xi and the states, in this order; null: not linear. */
  readonly slopes: readonly (readonly Expression[])[] | null
  /** Of the rule, by name. */
  readonly numbers: ReadonlyMap<string, number>
}

const known = new Remembered<Known>(16)

function slopesOf(rule: Rule): Known {
  const { states, theta, parameters: numbers } = ruleExpressions(rule, 0)
  const names = states.map(({ name }) => name)
  const by = (e: Expression, over: readonly string[]) =>
    ['g', 'theta', 'xi', ...over].map((name) => differentiate(e, { name }))
  const slopes = [...states.map(({ next }) => by(next, names)), by(theta, names.map(newName))]
  const isConstant = (e: Expression) => [...freeNames(e).names].every((name) => name === 'eta' || numbers.has(name))
  // Where a derivative still asks for anything else, or jumps, the rule is not linear, or changes with n.
  return { slopes: slopes.flat().every(isConstant) && !isStepwise(rule) ? slopes : null, numbers }
}

/** sign has slope 0 on both sides of its jump. */
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
