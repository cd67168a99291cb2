import { children, type Expression, freeNames } from '@driftfarm/formula'
import { allOf } from './conditions.ts'
import type { Model } from './model.ts'

/** Scores whose comparisons with a bound can be decided from a part of the samples. */
export const boundedScores = ['loss', 'accuracy', 'testloss', 'testaccuracy'] as const
export type Bounded = (typeof boundedScores)[number]

const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' } as const

/**
 * The bounds with which a condition compares a score, if it uses the score only to ask whether a loss is below a bound,
 * or an accuracy above it. Such a comparison is false for NaN. Null for any other use.
 */
function boundsIn(model: Model, name: Bounded, e: Expression): readonly Expression[] | null {
  const { names } = freeNames(e)
  if (!names.has(name)) return []
  if (e.kind === 'compare') {
    const isLeft = e.left.kind === 'name' && e.left.name === name
    const [score, bound] = isLeft ? [e.left, e.right] : [e.right, e.left]
    const operator = isLeft ? e.operator : mirrored[e.operator]
    const isBelow = name === 'loss' || name === 'testloss'
    const fits = score.kind === 'name' && operator.startsWith(isBelow ? '<' : '>') && isConstant(model, bound)
    return fits ? [bound] : null
  }
  if (e.kind !== 'logic' && e.kind !== 'not') return null
  const parts = [...children(e)].map((part) => boundsIn(model, name, part))
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part!)
}

/** The bounds of each expression; null if one of them needs the score itself, or if none uses it. */
export function boundsOf(model: Model, name: Bounded, expressions: readonly Expression[]) {
  if (model.cell.landscape.kind !== 'network') return null
  const bounds: (readonly Expression[])[] = []
  for (const e of expressions) {
    const own = boundsIn(model, name, e)
    if (own === null) return null
    bounds.push(own)
  }
  return bounds.some((own) => own.length > 0) ? bounds : null
}

function isConstant({ parameters, variables }: Model, e: Expression): boolean {
  const { names, arrays } = freeNames(e)
  return arrays.size === 0 && [...names].every((name) => parameters.has(name) && !variables.has(name))
}

/** Whether an event compares the loss with a bound, so that it helps to know which samples have large losses. */
export function ranksSamples(model: Model): boolean {
  return allOf(model.conditions).some(({ kind, when }) => kind !== 'class' && boundsOf(model, 'loss', [when]) !== null)
}
