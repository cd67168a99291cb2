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
  const names: string[] = []
  const axisOfName: SweptAxis[] = []
  const words: string[] = []
  const nameOf = (axis: SweptAxis): string => {
    const known = axisOfName.indexOf(axis)
    if (known >= 0) return names[known]!
    axisOfName.push(axis)
    names.push(`axis_${axisOfName.length}`)
    return names.at(-1)!
  }
  const wordOf = (word: string): string => {
    if (!words.includes(word)) words.push(word)
    return `word_${words.indexOf(word) + 1}`
  }
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
  const slots = [...names, ...words.map((_, at) => `word_${at + 1}`)]
  const titles = axes.map(({ title }) => title)
  try {
    checkNames(condition, slots)
  } catch {
    // The original text is checked again so that the error quotes what the user typed, not the substituted names.
    checkNames(parseCondition(text), [...titles, ...labels].map(String), text)
  }
  const holds = compileCondition(condition, { names: new Map(slots.map((name, at) => [name, at])), arrays: new Map() })
  const values = new Float64Array(slots.length)
  words.forEach((_, at) => {
    values[names.length + at] = wordValue(at)
  })
  return (params) => {
    axisOfName.forEach((axis, at) => {
      const place = axis.placeOf(params)
      values[at] = typeof place === 'number' ? place : numberOf(place, words)
    })
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
