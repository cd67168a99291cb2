import { checkNames, compileCondition, parseCondition } from '@driftfarm/formula'
import { axisNamed, type Params, type SweptAxis, sweptAxes } from './sweptAxes.ts'

/** The cells that meet a condition, all if there is none, and the axes over which these cells vary. */
export function cellsWhere<Cell extends { readonly params: Params }>(
  cells: readonly Cell[],
  where: string | undefined,
) {
  const axes = sweptAxes(cells)
  if (where === undefined) return { cells, axes }
  const holds = parseWhere(axes, where)
  const chosen = cells.filter(({ params }) => holds(params))
  return { cells: chosen, axes: sweptAxes(chosen) }
}

/**
 * Parses a condition on swept values, such as `eta > 0.1 && rule == adam`, and returns a test of cells. A path is
 * written in full or shortened to an ending that no other path has. Words are compared with == and !=, and a value that
 * is not a plain word must be quoted. Throws a FormulaError, or a FigureError for a path that is not swept.
 */
export function parseWhere(axes: readonly SweptAxis[], text: string): (params: Params) => boolean {
  const names = new Map<SweptAxis, string>()
  const words = new Map<string, string>()
  const slotOf = <Key>(known: Map<Key, string>, key: Key, prefix: string): string => {
    if (!known.has(key)) known.set(key, `${prefix}_${known.size + 1}`)
    return known.get(key)!
  }
  const nameOf = (axis: SweptAxis) => slotOf(names, axis, 'axis')
  const wordOf = (word: string) => slotOf(words, word, 'word')
  const labels = new Set(axes.flatMap(({ isNumeric, places }) => (isNumeric ? [] : places)))
  const plain = text.replace(
    /"([^"]*)"|[A-Za-z_][\w]*(?:\.[\w]+)*(?:\[\d+\])?/g,
    (found: string, quoted: string | undefined) => {
      if (quoted !== undefined) return wordOf(quoted)
      const isAxis = axes.some(({ path }) => path === found || path.endsWith(`.${found}`))
      if (isAxis) return nameOf(axisNamed(axes, found))
      if (labels.has(found)) return wordOf(found)
      // A name with a dot can only be a path, so an error is thrown if it is not swept.
      return found.includes('.') ? nameOf(axisNamed(axes, found)) : found
    },
  )
  const condition = parseCondition(plain)
  const slots = [...names.values(), ...words.values()]
  const titles = axes.map(({ title }) => title)
  try {
    checkNames(condition, slots)
  } catch {
    // The original text is checked again so that the error quotes what the user typed, not the substituted names.
    checkNames(parseCondition(text), [...titles, ...labels].map(String), text)
  }
  const holds = compileCondition(condition, { names: new Map(slots.map((name, at) => [name, at])), arrays: new Map() })
  const values = new Float64Array(slots.length)
  const spelled = [...words.keys()]
  values.set(
    spelled.map((_, at) => wordValue(at)),
    names.size,
  )
  return (params) => {
    let at = 0
    for (const axis of names.keys()) {
      const place = axis.placeOf(params)
      values[at++] = typeof place === 'number' ? place : numberOf(place, spelled)
    }
    return holds(values, [])
  }
}

/**
 * Returns the number that stands for the word with index `at` in comparisons. This number is so far below 0 that no
 * swept number equals it. A swept word that is not in the condition becomes -Infinity, so it equals no word of the
 * condition.
 */
const wordValue = (at: number): number => -1e300 * (1 - 1e-9 * at)

function numberOf(place: string | null, words: readonly string[]): number {
  if (place === null) return Number.NaN
  const at = words.indexOf(place)
  // A number among words, such as a batch size beside `full`, is compared as a number.
  if (at < 0) return place.trim() !== '' && Number.isFinite(Number(place)) ? Number(place) : Number.NEGATIVE_INFINITY
  return wordValue(at)
}
