import { differentiate, type Expression, evaluate, freeNames, parseNumber } from '@driftfarm/formula'
import type { CustomRule, Rule } from '@driftfarm/spec'
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
  const form = (g: number, theta: number, states: readonly number[]): LinearForm => ({ g, theta, xi: 0, states })
  switch (rule.kind) {
    case 'gradient':
      return { next: [], theta: form(-eta, 1, []) }
    case 'momentum':
      return { next: [form(-eta, 0, [rule.beta])], theta: form(0, 1, [1]) }
    case 'nesterov':
      return { next: [form(1, 0, [rule.beta])], theta: form(-eta, 1, [-eta * rule.beta]) }
    case 'custom':
      return customRule(rule, eta)
    default:
      return null
  }
}

/** Of each expression the partial derivatives by g, theta, xi and the states, in this order, over eta alone. */
type Slopes = readonly (readonly Expression[])[]

const known = new Remembered<{ readonly slopes: Slopes | null }>(16)

function customRule(rule: CustomRule, eta: number): LinearRule | null {
  const { slopes } = known.get(JSON.stringify(rule), () => ({ slopes: slopesOf(rule) }))
  if (slopes === null) return null
  const forms = slopes.map((partials): LinearForm => {
    const [g, theta, xi, ...states] = partials.map((e) => valueAt(e, eta)) as [number, number, number, ...number[]]
    return { g, theta, xi, states }
  })
  if (!forms.every(allFinite)) return null
  return { next: forms.slice(0, -1), theta: forms.at(-1)! }
}

function slopesOf({ state, theta }: CustomRule): Slopes | null {
  const variables = ['g', 'theta', 'xi', ...state.map(({ name }) => name)]
  const slopes = [...state.map(({ next }) => next), theta].map((text) => {
    const e = parseNumber(text, { rule: true })
    return variables.map((name) => differentiate(e, { name }))
  })
  // Where a derivative still asks for anything but eta, or jumps, the rule is not linear, or changes with n.
  return slopes.flat().every(isConstant) && !isStepwise([...state.map(({ next }) => next), theta]) ? slopes : null
}

function isConstant(e: Expression): boolean {
  return [...freeNames(e).names].every((name) => name === 'eta')
}

/** sign has slope 0 on both sides of its jump. */
function isStepwise(texts: readonly string[]): boolean {
  return texts.some((text) => /\bsign\b/.test(text))
}

function allFinite({ g, theta, xi, states }: LinearForm): boolean {
  return [g, theta, xi, ...states].every(Number.isFinite)
}

function valueAt(e: Expression, eta: number): number {
  return Number(evaluate(e, { name: (name) => (name === 'eta' ? eta : Number.NaN), element: () => Number.NaN }))
}
