/** Half the distance from 1 to the next double: the largest relative error of one operation. */
export const unit = 1.1102230246251565e-16

/** `error` is an upper estimate, relative to `value`, or absolute if `value` is 0. */
export interface Rounded {
  readonly value: number
  readonly error: number
}

/** Compensated summation of non-negative numbers (Neumaier 1974), as accurate as one rounding of the exact sum. */
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
