import { limits } from '../limits.ts'
import { type NumberArray, productOf, type Refusal } from './npy.ts'
import type { Strided } from './numbers.ts'

/** A column as a file stores it. A missing number is NaN, a missing word null. */
export type StoredValues = Strided | { readonly words: readonly (string | null)[] }

export interface StoredColumn {
  readonly name: string
  /** Throws a refusal if the values are neither numbers nor words. */
  readonly read: () => StoredValues
}

/** A file that says which columns it has, unlike CSV. */
export interface StoredTable {
  readonly rows: number
  readonly columns: readonly StoredColumn[]
}

/**
 * The columns of an array of shape (n, ..): one column `name` if there are no other dimensions, otherwise `name0`,
 * `name1`, .., with the last index changing fastest. So images become pixels, row by row.
 */
function arrayColumns(name: string, { shape, values, isFortran }: NumberArray): readonly StoredColumn[] {
  const strides = shape.map((_, axis) => {
    const inner = isFortran ? shape.slice(0, axis) : shape.slice(axis + 1)
    return productOf(inner)
  })
  const width = productOf(shape.slice(1))
  const [stride = 1] = strides
  return Array.from({ length: width }, (_, j) => {
    let [rest, offset] = [j, 0]
    for (let axis = shape.length - 1; axis > 0; axis--) {
      offset += (rest % shape[axis]!) * strides[axis]!
      rest = Math.floor(rest / shape[axis]!)
    }
    return { name: shape.length === 1 ? name : `${name}${j}`, read: () => ({ values, offset, stride }) }
  })
}

/** Arrays of equal length beside each other. */
export function arraysTable(arrays: ReadonlyMap<string, NumberArray>, refusal: Refusal): StoredTable {
  const lengths = [...arrays].map(([name, { shape }]) => [name, shape[0]] as const)
  const [first] = lengths
  const hint = 'every array needs one entry, or one row, for each sample'
  for (const [name, rows] of lengths) {
    if (rows === undefined) throw refusal(`the array ${name} is a single number`, hint)
    if (rows !== first![1])
      throw refusal(`the array ${name} has length ${rows}, but ${first![0]} has length ${first![1]}`, hint)
  }
  if (first === undefined) throw refusal('it has no arrays', hint)
  const width = [...arrays.values()].reduce((sum, { shape }) => sum + productOf(shape.slice(1)), 0)
  if (width > limits.columns)
    throw refusal(
      `it has ${width} columns, but the limit is ${limits.columns}`,
      'the first dimension is for the samples',
    )
  return { rows: first[1]!, columns: [...arrays].flatMap(([name, array]) => arrayColumns(name, array)) }
}
