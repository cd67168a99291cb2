/** Half of the distance of 1 from the next double: what one operation may be off, relative. */
export const unit = 1.1102230246251565e-16

/** A number with the most that rounding can have done to it, relative; absolute where it is 0. */
export interface Rounded {
  readonly value: number
  readonly error: number
}

/**
 * A sum of non-negative numbers that keeps the error of each addition (Neumaier 1974): right but for its last rounding.
 */
export class Sum {
  private sum = 0
  private rest = 0

  add(x: number): void {
    const next = this.sum + x
    this.rest += this.sum >= x ? this.sum - next + x : x - next + this.sum
    this.sum = next
  }

  get value(): number {
    return this.sum + this.rest
  }
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const sum = new Sum()
  for (let i = 0; i < a.length; i++) if (a[i] !== 0 && b[i] !== 0) sum.add(a[i]! * b[i]!)
  return sum.value
}

export function total(parts: ArrayLike<number>): number {
  const sum = new Sum()
  for (let i = 0; i < parts.length; i++) sum.add(parts[i]!)
  return sum.value
}
