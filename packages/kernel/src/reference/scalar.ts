import { type Expression, elementary, type FunctionName } from '@driftfarm/formula'

/** What names stand for; `indices` holds the loop indices of the moment. */
export interface Slots {
  name(name: string): () => number
  element(index: number): number
  readonly indices: Map<string, number>
}

const functions: Readonly<Record<FunctionName, (...values: number[]) => number>> = elementary

/** An expression as a closure, operation by operation as the tree says. */
export function scalar(e: Expression, slots: Slots): () => number {
  switch (e.kind) {
    case 'number':
      return () => e.value
    case 'name': {
      let value: (() => number) | null = null
      return () => {
        const index = slots.indices.get(e.name)
        if (index !== undefined) return index
        value ??= slots.name(e.name)
        return value()
      }
    }
    case 'element': {
      const index = scalar(e.index, slots)
      return () => slots.element(index())
    }
    case 'negate': {
      const argument = scalar(e.argument, slots)
      return () => -argument()
    }
    case 'binary':
      return arithmetic(e, slots)
    case 'call': {
      const values = e.arguments.map((argument) => scalar(argument, slots))
      return () => functions[e.function](...values.map((value) => value()))
    }
    case 'reduce':
      return reduction(e, slots)
    case 'select': {
      const condition = truth(e.condition, slots)
      const [then, otherwise] = [scalar(e.then, slots), scalar(e.otherwise, slots)]
      return () => (condition() ? then() : otherwise())
    }
    default:
      throw new TypeError(`a ${e.kind} is no number`)
  }
}

/** A condition as a closure. */
export function truth(e: Expression, slots: Slots): () => boolean {
  if (e.kind === 'not') {
    const argument = truth(e.argument, slots)
    return () => !argument()
  }
  if (e.kind === 'logic') {
    const [left, right] = [truth(e.left, slots), truth(e.right, slots)]
    return e.operator === '&&' ? () => left() && right() : () => left() || right()
  }
  if (e.kind !== 'compare') throw new TypeError(`a ${e.kind} is no condition`)
  const [a, b] = [scalar(e.left, slots), scalar(e.right, slots)]
  switch (e.operator) {
    case '<':
      return () => a() < b()
    case '<=':
      return () => a() <= b()
    case '>':
      return () => a() > b()
    case '>=':
      return () => a() >= b()
    case '==':
      return () => a() === b()
    case '!=':
      return () => a() !== b()
  }
}

function arithmetic(e: Extract<Expression, { kind: 'binary' }>, slots: Slots): () => number {
  const [a, b] = [scalar(e.left, slots), scalar(e.right, slots)]
  switch (e.operator) {
    case '+':
      return () => a() + b()
    case '-':
      return () => a() - b()
    case '*':
      return () => a() * b()
    case '/':
      return () => a() / b()
    case '^': {
      const { right } = e
      if (right.kind === 'number' && Number.isInteger(right.value) && Math.abs(right.value) <= 64) {
        return () => elementary.powerInteger(a(), right.value)
      }
      return () => elementary.power(a(), b())
    }
  }
}

function reduction(e: Extract<Expression, { kind: 'reduce' }>, slots: Slots): () => number {
  const [from, to, body] = [scalar(e.from, slots), scalar(e.to, slots), scalar(e.body, slots)]
  const isSum = e.operator === 'sum'
  return () => {
    const outer = slots.indices.get(e.index)
    const [first, last] = [from(), to()]
    let total = isSum ? 0 : 1
    for (let i = first; i <= last; i++) {
      slots.indices.set(e.index, i)
      const term = body()
      total = i === first ? term : isSum ? total + term : total * term
    }
    if (outer === undefined) slots.indices.delete(e.index)
    else slots.indices.set(e.index, outer)
    return total
  }
}
