import type { Place } from '../axes/sweptAxes.ts'
import type { Exact, OracleData } from '../document/oracle.ts'
import type { TheoremData } from '../document/theorem.ts'
import { countText } from '../format/quantity.ts'
import type { Layer } from './figure.ts'

interface KnownLayers {
  readonly layers: readonly Layer[]
  readonly sentences: readonly string[]
}

const none: KnownLayers = { layers: [], sentences: [] }

/** Exact values of other events are never drawn. */
export function exactLayers(
  oracle: OracleData | undefined,
  of: string,
  places: ReadonlyMap<number, Place>,
  seriesAt: (index: number) => string | null,
): KnownLayers {
  if (oracle === undefined) return none
  const bySeries = new Map<string | null, { x: Place; y: number }[]>()
  const reasons = new Map<string, number>()
  const ways = new Set<string>()
  for (const { index, answers, missing, refused } of oracle.cells) {
    const place = places.get(index)
    if (place === undefined) continue
    const answer = answers[of]
    if (answer === undefined) {
      const reason = refused ?? missing[of] ?? `${of} is not computed exactly`
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      continue
    }
    ways.add(wayOf(answer.method))
    const series = seriesAt(index)
    bySeries.set(series, [...(bySeries.get(series) ?? []), { x: place, y: answer.value }])
  }
  const how = [...ways].sort().join(' and ')
  const layers = [...bySeries].map(
    ([series, points]): Layer => ({
      type: 'line',
      series,
      role: 'exact',
      steps: false,
      points: points.toSorted((a, b) => (typeof a.x === 'number' && typeof b.x === 'number' ? a.x - b.x : 0)),
      text: `exact value ${how}`,
    }),
  )
  return {
    layers,
    sentences: [
      ...(layers.length > 0 ? [`Dashed: exact values of the estimated quantity, computed ${how}.`] : []),
      ...reasonSentences('No exact value', reasons),
    ],
  }
}

/** The methods `finite..` apply if trials can reach only finitely many points. */
const wayOf = (method: Exact['method']): string => (method.startsWith('finite') ? 'by finite sums' : 'by quadrature')

/** Bounds are drawn only if Theorem 1 is about exactly the estimated event. */
export function bracketLayers(
  theorem: TheoremData | undefined,
  of: string,
  places: ReadonlyMap<number, Place>,
  seriesAt: (index: number) => string | null,
): KnownLayers {
  if (theorem === undefined) return none
  if (of !== 'escape')
    return { layers: [], sentences: [`No bounds from Theorem 1: the theorem is about escape, not ${of}.`] }
  const bySeries = new Map<string | null, { x: Place; low: number; high: number }[]>()
  const reasons = new Map<string, number>()
  for (const { index, bounds, escape, measured, conditions } of theorem.cells) {
    const place = places.get(index)
    if (place === undefined) continue
    const broken = conditions.find(({ holds }) => !holds)
    const reason =
      measured?.sameEvent !== true
        ? `the theorem is about another event (${escape.text})`
        : bounds === null
          ? (broken?.text ?? 'the theorem does not apply here')
          : bounds.upper === null && bounds.lower === null
            ? (bounds.missing ?? 'the theorem does not apply here')
            : null
    if (reason !== null) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      continue
    }
    const series = seriesAt(index)
    const at = { x: place, low: bounds!.lower ?? 0, high: bounds!.upper ?? 1 }
    bySeries.set(series, [...(bySeries.get(series) ?? []), at])
  }
  const layers = [...bySeries].map(
    ([series, points]): Layer => ({
      type: 'band',
      series,
      role: 'bracket',
      steps: false,
      points: points.toSorted((a, b) => (typeof a.x === 'number' && typeof b.x === 'number' ? a.x - b.x : 0)),
      text: 'bounds of Theorem 1',
    }),
  )
  return {
    layers,
    sentences: [
      ...(layers.length > 0 ? ['Dotted: the lower and the upper bound of Theorem 1.'] : []),
      ...reasonSentences('No bounds from Theorem 1', reasons),
    ],
  }
}

/** More reasons would make the caption so long that readers overlook its other sentences. */
const maxReasons = 2

function reasonSentences(what: string, reasons: ReadonlyMap<string, number>): string[] {
  return [...reasons]
    .sort(([, a], [, b]) => b - a)
    .slice(0, maxReasons)
    .map(([reason, count]) => `${what} in ${countText(count, 'cell')}: ${reason.replace(/\.$/, '')}.`)
}
