import type { Valued } from '../model/valued.ts'
import { alike, type NumberReading, only, type Reading } from './readings.ts'

/**
 * The numbers of a cell: everything that is data to the module, as doubles in one contiguous area. Literals are
 * identified by value, all others by a key that does not depend on their value, so that cells of one shape agree. Each
 * is given by how it is read: another cell of the structure needs nothing but the readings.
 */
export class Numbers {
  readonly values: number[] = []
  /** In the order of the values. */
  readonly readings: Reading[] = []
  private readonly places = new Map<string, number>()

  constructor(private readonly of: Valued) {}

  literal(value: number): number {
    return this.array(`literal ${Object.is(value, -0) ? '-0' : value}`, alike(value))
  }

  named(key: string, read: NumberReading): number {
    return this.array(key, only(read))
  }

  /** Index of the first of the numbers read, which are stored consecutively. */
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

/** The numbers of a cell, by the readings of its structure. */
export function numbersBy(readings: readonly Reading[], of: Valued): readonly number[] {
  const values: number[] = []
  for (const read of readings) {
    const found = read(of)
    // By index, since arrays of one number are the rule and an iterator takes longer than they do.
    for (let i = 0; i < found.length; i++) values.push(found[i]!)
  }
  return values
}
