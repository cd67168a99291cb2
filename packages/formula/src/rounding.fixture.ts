import { calculate, comparisons, functions, isSmallInteger } from './arithmetic.ts'
import type { Expression } from './expression.ts'
import { fold } from './fold.ts'

/** A computed value and a bound on how far rounding may have carried it, Infinity where nothing can be said. */
export interface Rounded {
  readonly value: number
  readonly error: number
}

const unit = 2 ** -52

/**
 * Evaluates an expression without sums (expand it first) with a running error bound: the error of each part is
 * carried through each operation by moving the operands to both ends, and each operation adds 8 ulp of its own.
 * So two orders of the same computation differ by no more than the sum of the two bounds (to first order).
 */
export function evaluateRounded(
  e: Expression,
  name: (word: string) => number,
  element: (index: number) => number,
): Rounded {
  return fold<Rounded>(e, (node, parts) => {
    const [a, b, c] = parts as [Rounded, Rounded, Rounded]
    switch (node.kind) {
      case 'number':
        return { value: node.value, error: 0 }
      case 'name':
        return { value: name(node.name), error: 0 }
      case 'element':
        return { value: element(a.value), error: 0 }
      case 'negate':
        return { value: -a.value, error: a.error }
      case 'binary': {
        const integer = isSmallInteger(node.right)
        return carried(parts, ([x, y]) => calculate(node.operator, x!, y!, integer))
      }
      case 'call':
        return carried(parts, (values) => functions[node.function](values[0]!, values[1]!))
      case 'compare':
        return { value: comparisons[node.operator](a.value, b.value) ? 1 : 0, error: 0 }
      case 'logic':
        return { value: node.operator === '&&' ? a.value && b.value : a.value || b.value, error: 0 }
      case 'not':
        return { value: a.value ? 0 : 1, error: 0 }
      case 'select':
        return a.value ? b : c
      case 'reduce':
        throw new TypeError('expand the expression first')
    }
  })
}

function carried(parts: readonly Rounded[], apply: (values: readonly number[]) => number): Rounded {
  const values = parts.map((part) => part.value)
  const value = apply(values)
  let error = 8 * unit * Math.abs(value)
  parts.forEach((part, moved) => {
    if (part.error === 0) return
    for (const end of [part.value - part.error, part.value + part.error]) {
      const there = apply(values.map((other, i) => (i === moved ? end : other)))
      error += Math.abs(there - value)
    }
  })
  const extreme = Math.abs(value) > 1e100 || (value !== 0 && Math.abs(value) < 1e-100)
  return { value, error: Number.isNaN(error) || extreme ? Number.POSITIVE_INFINITY : error }
}
