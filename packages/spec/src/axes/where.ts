import { compileCondition, NamedValues } from '@driftfarm/formula'
import type { Path } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { type Expressions, offsetOf } from '../field/expressions.ts'
import type { Grid } from './grid.ts'

/**
 * Returns the indices of the points at which a condition holds, in ascending order. Names in the condition are the last
 * parts of swept paths.
 */
export function pointsWhere(grid: Grid, text: string, path: Path, expressions: Expressions): Uint32Array {
  checkNoPath(grid, text, path)
  const { expression, names, arrays } = expressions.filter(text, path)
  const known = grid.columns.map(({ path }) => String(path.at(-1)))
  const wrong = (code: 'UNKNOWN_NAME' | 'NOT_ONE_NUMBER', word: string, reason = '') =>
    new Mistake(code, path, { word, value: text, known, reason }, offsetOf(word, text))
  const used = [...names, ...arrays].map((name) => {
    const found = grid.entries.filter((_, i) => known[i] === name)
    if (found.length === 0) throw wrong('UNKNOWN_NAME', name)
    if (found.length > 1) throw wrong('NOT_ONE_NUMBER', name, 'is ambiguous: several swept paths end with this name')
    if (arrays.has(name)) throw wrong('NOT_ONE_NUMBER', name, 'cannot be indexed here')
    return { name, ...found[0]! }
  })
  const { slots, values } = new NamedValues(used.map(({ name }) => name))
  const holds = compileCondition(expression, slots)
  const kept = new Uint32Array(grid.size)
  let count = 0
  for (let index = 0; index < grid.size; index++) {
    const digits = grid.digits(index)
    for (const [slot, { name, axis, column }] of used.entries()) {
      const value = column.at(digits[axis]!)
      if (typeof value !== 'number') throw wrong('NOT_ONE_NUMBER', name, 'is not a plain number in some cells')
      values[slot] = value
    }
    if (holds(values, [])) kept[count++] = index
  }
  if (count === 0) throw new Mistake('NO_CELLS', path, { value: text })
  return kept.slice(0, count)
}

function checkNoPath({ columns }: Grid, text: string, path: Path): void {
  const whole = columns.find(({ name }) => name.includes('.') && text.includes(name))
  if (whole === undefined) return
  const word = String(whole.path.at(-1))
  const details = {
    value: text,
    word: whole.name,
    fix: word,
    reason: 'a condition uses only the last part of a swept path',
    hint: `write ${word} instead of ${whole.name}`,
  }
  throw new Mistake('EXPRESSION', path, details, text.indexOf(whole.name))
}
