import type { Axis, Column } from './column.ts'

/**
 * The Cartesian product of axes, with the last axis varying fastest. Points are not stored: the
 * mixed-radix digits of a point's index give the point's position on each axis.
 */
export class Grid {
  readonly axes: readonly Axis[]
  readonly columns: readonly Column[]
  readonly size: number

  constructor(axes: readonly Axis[]) {
    this.axes = axes
    this.columns = axes.flatMap(({ columns }) => columns)
    this.size = axes.reduce((size, { length }) => size * length, 1)
  }

  digits(index: number): number[] {
    const digits = new Array<number>(this.axes.length)
    let rest = index
    for (let i = this.axes.length - 1; i >= 0; i--) {
      const { length } = this.axes[i]!
      digits[i] = rest % length
      rest = (rest - digits[i]!) / length
    }
    return digits
  }
}
