/**
 * The numbers of a cell: everything that is data to the module, as doubles in one contiguous area. Literals are
 * identified by value, all others by a key that does not depend on their value, so that cells of one shape agree.
 */
export class Numbers {
  readonly values: number[] = []
  private readonly places = new Map<string, number>()

  literal(value: number): number {
    return this.array(`literal ${Object.is(value, -0) ? '-0' : value}`, [value])
  }

  named(key: string, value: number): number {
    return this.array(key, [value])
  }

  /** Index of the first of `values`, which are stored consecutively. */
  array(key: string, values: readonly number[]): number {
    const known = this.places.get(key)
    if (known !== undefined) return known
    const place = this.values.length
    this.places.set(key, place)
    for (const value of values) this.values.push(value)
    return place
  }
}
