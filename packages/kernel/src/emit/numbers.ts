import type { Valued } from './readings.ts'
import { alike, type NumberReading, only, type Reading } from './readings.ts'

/**
 * The numbers of a cell: all data that the module reads, as doubles in one contiguous area. A literal is identified by
 * its value. Any other number is identified by a key, which does not depend on the value. Therefore, all cells of one
 * structure have their numbers in the same order. `readings` are the functions that read the values from a cell, in the
 * same order. Calling these functions with another cell of the same structure gives all numbers of that cell.
 */
export class Numbers {
  readonly values: number[] = []
  readonly readings: Reading[] = []
  private readonly places = new Map<string, number>()

  constructor(private readonly of: Valued) {}

  literal(value: number): number {
    return this.array(`literal ${Object.is(value, -0) ? '-0' : value}`, alike(value))
  }

  named(key: string, read: NumberReading): number {
    return this.array(key, only(read))
  }

  /**
   * Appends the numbers that `read` returns, unless numbers with this key are already stored. Returns the index of the
   * first number; the others follow it.
   */
  array(key: string, read: Reading): number {
    const known = this.places.get(key)
    if (known !== undefined) return known
    const place = this.values.length
    this.places.set(key, place)
    this.readings.push(read)
    for (const value of read(this.of)) this.values.push(value)
    return place
  }
}

export function numbersBy(readings: readonly Reading[], of: Valued): readonly number[] {
  const values: number[] = []
  for (const read of readings) {
    const found = read(of)
    // Most arrays contain one number, and creating an iterator would take longer than copying one number.
    for (let i = 0; i < found.length; i++) values.push(found[i]!)
  }
  return values
}
