import { evaluate } from '@driftfarm/formula'
import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import { type Expressions, offsetOf } from '../resolve/expressions.ts'
import type { Grid } from './grid.ts'

/** Indices of the points of `grid` for which the condition over the last names of its paths holds, ascending. */
export function pointsWhere(grid: Grid, text: string, path: Path, expressions: Expressions): Uint32Array {
  const { expression, names, arrays } = expressions.condition(text, path)
  const columns = new Map<string, { axis: number; at: (index: number) => unknown }>()
  const known = grid.columns.map(({ path }) => String(path.at(-1)))
  for (const name of [...names, ...arrays]) {
    const count = known.filter((other) => other === name).length
    if (count === 0) throw new Mistake('UNKNOWN_NAME', path, { word: name, value: text, known }, offsetOf(name, text))
    if (count > 1)
      throw new Mistake(
        'NOT_ONE_NUMBER',
        path,
        { word: name, value: text, reason: 'ends several swept paths' },
        offsetOf(name, text),
      )
    const axis = grid.axes.findIndex(({ columns }) => columns.some(({ path }) => path.at(-1) === name))
    const column = grid.axes[axis]!.columns.find(({ path }) => path.at(-1) === name)!
    columns.set(name, { axis, at: column.at })
  }
  let digits: readonly number[] = []
  const values = {
    name: (name: string) => {
      const { axis, at } = columns.get(name)!
      const value = at(digits[axis]!)
      if (typeof value === 'number') return value
      throw new Mistake(
        'NOT_ONE_NUMBER',
        path,
        { word: name, value: text, reason: 'is no plain number in every cell' },
        offsetOf(name, text),
      )
    },
    element: () => Number.NaN,
  }
  const kept = new Uint32Array(grid.size)
  let count = 0
  for (let index = 0; index < grid.size; index++) {
    digits = grid.digits(index)
    if (evaluate(expression, values) === true) kept[count++] = index
  }
  if (count === 0) throw new Mistake('NO_CELLS', path, { value: text })
  return kept.slice(0, count)
}
