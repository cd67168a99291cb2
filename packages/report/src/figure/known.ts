import type { Place } from '../axes/sweptAxes.ts'
import type { OracleData } from '../document/oracle.ts'
import type { TheoremData } from '../document/theorem.ts'
import { countText } from '../format/quantity.ts'
import { texts } from '../format/text.ts'
import { bandLayer, lineLayer } from './layer.ts'

/** Where the cells of a figure are drawn. */
interface Placement {
  /** By the index of the cell. */
  readonly places: ReadonlyMap<number, Place>
  seriesAt(index: number): string | null
}

const none = { layers: [], sentences: [] }

/** Exact values of other events are never drawn. */
export function exactLayers(oracle: OracleData | undefined, of: string, placement: Placement) {
  if (oracle === undefined) return none
  const ways = new Set<string>()
  const { series, sentences } = bySeries(
    oracle.cells,
    placement,
    ({ answers: { [of]: answer }, missing, refused }, x) => {
      if (answer === undefined) return refused ?? missing[of] ?? `${of} is not computed exactly`
      // The methods `finite..` apply if trials can reach only finitely many points.
      ways.add(answer.method.startsWith('finite') ? 'by finite sums' : 'by quadrature')
      return { x, y: answer.value }
    },
    'No exact value',
  )
  const how = [...ways].sort().join(' and ')
  return {
    layers: series.map(({ name, points }) => lineLayer(name, 'exact', points, `exact value ${how}`)),
    sentences: texts(
      series.length > 0 && `Dashed: exact values of the estimated quantity, computed ${how}.`,
      sentences,
    ),
  }
}

/** Bounds are drawn only if Theorem 1 is about exactly the estimated event. */
export function bracketLayers(theorem: TheoremData | undefined, of: string, placement: Placement) {
  if (theorem === undefined) return none
  if (of !== 'escape')
    return { layers: [], sentences: [`No bounds from Theorem 1: the theorem is about escape, not ${of}.`] }
  const { series, sentences } = bySeries(
    theorem.cells,
    placement,
    ({ bounds, escape, measured, conditions }, x) => {
      if (measured?.sameEvent !== true) return `the theorem is about another event (${escape.text})`
      if (bounds === null) return conditions.find(({ holds }) => !holds)?.text ?? notHere
      if (bounds.upper === null && bounds.lower === null) return bounds.missing ?? notHere
      return { x, low: bounds.lower ?? 0, high: bounds.upper ?? 1 }
    },
    'No bounds from Theorem 1',
  )
  return {
    layers: series.map(({ name, points }) => bandLayer(name, 'bracket', points, 'bounds of Theorem 1')),
    sentences: texts(series.length > 0 && 'Dotted: the lower and the upper bound of Theorem 1.', sentences),
  }
}

const notHere = 'the theorem does not apply here'

/** More reasons would make the caption so long that readers overlook its other sentences. */
const maxReasons = 2

/** `pointOf` returns the point of a cell, or the reason why it has none. */
function bySeries<Cell extends { readonly index: number }, Point extends { readonly x: Place }>(
  cells: readonly Cell[],
  { places, seriesAt }: Placement,
  pointOf: (cell: Cell, x: Place) => Point | string,
  what: string,
) {
  const series = new Map<string | null, Point[]>()
  const reasons = new Map<string, number>()
  for (const cell of cells) {
    const place = places.get(cell.index)
    if (place === undefined) continue
    const found = pointOf(cell, place)
    if (typeof found === 'string') reasons.set(found, (reasons.get(found) ?? 0) + 1)
    else series.set(seriesAt(cell.index), [...(series.get(seriesAt(cell.index)) ?? []), found])
  }
  return {
    series: [...series].map(([name, points]) => ({
      name,
      points: points.toSorted(({ x: a }, { x: b }) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0)),
    })),
    sentences: [...reasons]
      .sort(([, a], [, b]) => b - a)
      .slice(0, maxReasons)
      .map(([reason, count]) => `${what} in ${countText(count, 'cell')}: ${reason.replace(/\.$/, '')}.`),
  }
}
