import {
  type CellPlace,
  cellOf,
  cellsOf,
  type Database,
  dataReader,
  outlineOf,
  placesOf,
  type ReadSource,
  readOutcomes,
  type SweepHead,
  snapshotOf,
  sweepHead,
  talliesOf,
  tallyOf,
  type WholePrefix,
  wholePages,
} from '@driftfarm/database'
import { groupedBy } from '@driftfarm/formula'
import { addTallies, type RecordLayout, type Tally } from '@driftfarm/kernel'
import {
  type ComparedCell,
  type ComparedEstimate,
  type ComparisonData,
  integer,
  isWithin,
  type OnCells,
  real,
  sweepSummary,
} from '@driftfarm/report'
import { canonicalJson, parseEvent, plainSettings, talliedHorizons } from '@driftfarm/spec'
import {
  type BitRange,
  contrastOf,
  type Estimate,
  estimatesOf,
  eventBits,
  independent,
  pairsOf,
  type Side,
} from '@driftfarm/statistics'
import type { AnswerContext, Answering } from '../answering.ts'
import { cellsIn, estimatesNow, orderKeys } from '../prefix.ts'

/** Number of cells of each sweep that are held in memory at a time. */
const pageCells = 200

interface Compared extends Side {
  readonly id: string
  readonly commonSeed: string | null
  readonly estimates: Readonly<Record<string, Estimate>>
}

export const compare: Answering<'compare'> = (context, { first, second, split = 0, of }, onCells) =>
  second === undefined
    ? compareSplit(context, first, split, of, onCells)
    : compareSweeps(context, [first, second], of, onCells)

/** Two cells match if they agree in every setting that either sweep varies. */
function compareSweeps(
  { database }: AnswerContext,
  [first, second]: readonly [string, string],
  of: string | undefined,
  onCells: OnCells,
): Promise<ComparisonData> {
  return snapshotOf(database, async (reading) => {
    const heads = [await sweepHead(reading, first), await sweepHead(reading, second)] as const
    const sides = [await wholeOf(reading, heads[0]), await wholeOf(reading, heads[1])] as const
    const paths = [...new Set(heads.flatMap(({ axes }) => axes))]
    const { pairs, only } = matchIndices(sides, paths)
    const cells: ComparedCell[] = []
    for (let from = 0; from < pairs.length; from += pageCells) {
      const page = pairs.slice(from, from + pageCells)
      const [indices, otherIndices] = [page.map(([a]) => a), page.map(([, b]) => b)]
      const ones = await prefixes(reading, heads[0], indices)
      const others = await prefixes(reading, heads[1], otherIndices)
      for (const [a, b] of page) {
        const [one, other] = [ones.get(a)!, others.get(b)!]
        if (one.trials === 0 || other.trials === 0) continue
        cells.push({
          cells: [a, b],
          params: orderKeys({ ...other.params, ...one.params }, paths),
          trials: [integer(one.trials), integer(other.trials)],
          ...(one.id === other.id && { same: true as const }),
          estimates: await comparedOf(database, [sideOf(one), sideOf(other)], heads[0], of),
        })
      }
      onCells(Math.min(pairs.length, from + pageCells), pairs.length)
    }
    return {
      sweeps: [summaryOf(heads[0], sides[0]), summaryOf(heads[1], sides[1])],
      split: null,
      settings: differing(sides, heads),
      matchedBy: paths,
      only,
      cells,
    }
  })
}

/**
 * Compares the first `split` trials of each cell with its later trials. If the split is inside a batch, the trials of
 * this batch before the split and those after it are recomputed separately.
 */
function compareSplit(
  { database, heavy }: AnswerContext,
  sweepId: string,
  split: number,
  of: string | undefined,
  onCells: OnCells,
): Promise<ComparisonData> {
  return snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweepId)
    const summary = summaryOf(head, await wholeOf(reading, head))
    const dataOf = dataReader(database)
    const cells: ComparedCell[] = []
    const without: number[] = []
    for await (const page of wholePages(reading, head)) {
      for (const prefix of page) {
        const { id, index, trials, layout, demand, choice } = prefix
        if (trials <= split || layout.valued) {
          without.push(index)
          continue
        }
        const { cell } = await cellOf(database, sweepId, index)
        const horizons = talliedHorizons(demand)
        const before: Tally[] = []
        const after: Tally[] = []
        for await (const { first, count, tally } of talliesOf(reading, prefix)) {
          const end = Math.min(first + count, trials)
          const isWhole = end === first + count
          if (isWhole && end <= split) before.push(tally)
          else if (isWhole && first >= split) after.push(tally)
          else {
            const tables = await dataOf(cell)
            const run = async (from: number, to: number) =>
              (await heavy.range(cell, tables, from, to - from, horizons)).tally
            if (first < split) before.push(await run(first, Math.min(split, end)))
            if (end > split) after.push(await run(Math.max(split, first), end))
          }
        }
        if (before.length === 0 || after.length === 0) continue
        // The two parts share no noise, because they have no trial in common.
        const [one, other] = [before, after].map((parts) => {
          const tally = parts.reduce(addTallies)
          const estimates = estimatesOf(tally, layout, demand, choice)
          const name = `${id} ${parts === before ? 'before' : 'after'}`
          return { id: name, commonSeed: null, tally, layout, choice, estimates }
        }) as [Compared, Compared]
        cells.push({
          cells: [index, index],
          params: orderKeys(prefix.params, head.axes),
          trials: [integer(one.tally.trials), integer(other.tally.trials)],
          estimates: await comparedOf(database, [one, other], head, of),
        })
      }
      onCells(page.at(-1)!.index + 1, head.cells)
    }
    return {
      sweeps: [summary, summary],
      split,
      settings: [],
      matchedBy: [...head.axes],
      only: { first: without, second: without },
      cells,
    }
  })
}

type Outline = Awaited<ReturnType<typeof wholeOf>>

async function wholeOf(reading: ReadSource, head: SweepHead) {
  const places: Pick<CellPlace, 'index' | 'params'>[] = []
  for await (const { index, params } of cellsIn(placesOf(reading, head))) places.push({ index, params })
  let settings: ReadonlyMap<string, unknown> = new Map()
  for await (const { cell } of cellsOf(reading, { id: head.id, cells: Math.min(1, head.cells) }))
    settings = plainSettings(cell)
  const methods = await outlineOf(reading, head.id)
  return { places, settings, trials: methods.reduce((sum, { trials }) => sum + BigInt(trials), 0n) }
}

/** If several cells of a sweep have the same values, the n-th of them is paired with the n-th in the other sweep. */
function matchIndices([first, second]: readonly [Outline, Outline], paths: readonly string[]) {
  const keyOf = ({ settings }: Outline, params: Readonly<Record<string, unknown>>): string =>
    canonicalJson(paths.map((path) => params[path] ?? settings.get(path) ?? null))
  const waiting = groupedBy(second.places, ({ params }) => keyOf(second, params))
  const pairs: [number, number][] = []
  const alone: number[] = []
  for (const { index, params } of first.places) {
    const other = waiting.get(keyOf(first, params))?.shift()
    if (other === undefined) alone.push(index)
    else pairs.push([index, other.index])
  }
  const left = [...waiting.values()].flatMap((places) => places.map(({ index }) => index))
  return { pairs, only: { first: alone, second: left.sort((a, b) => a - b) } }
}

async function prefixes(reading: ReadSource, head: SweepHead, indices: readonly number[]) {
  const found = new Map<number, WholePrefix>()
  for await (const prefix of cellsIn(wholePages(reading, head, indices))) found.set(prefix.index, prefix)
  return found
}

const sideOf = (prefix: WholePrefix): Compared => ({
  ...prefix,
  tally: tallyOf(prefix),
  asked: { ...prefix.demand, simultaneous: false },
  estimates: estimatesNow(prefix),
})

/**
 * Events are compared by their counts, or trial by trial if the cells share noise. Other estimates are compared by the
 * intervals of the two cells.
 */
async function comparedOf(
  database: Database,
  sides: readonly [Compared, Compared],
  { demand }: SweepHead,
  only: string | undefined,
): Promise<ComparedCell['estimates']> {
  const [first, second] = sides
  const all: Record<string, ComparedEstimate> = {}
  const requested = { ...demand, simultaneous: false }
  for (const [of, a] of Object.entries(first.estimates)) {
    const b = second.estimates[of]
    if (b === undefined || (only !== undefined && of !== only)) continue
    const isCounted = parseEvent(of) !== null && !first.layout.valued && !second.layout.valued
    if (!isCounted) {
      all[of] = comparedEstimate(a, b, contrastsOfIntervals(a, b), false)
      continue
    }
    const apart = independent(first, second)
    const layoutOf = (id: string) => (id === first.id ? first : second).layout
    const pairs = apart
      ? null
      : await pairsOf(of, [first, second], (id, trials) => bitsOfRows(database, id, of, trials, layoutOf(id)))
    const method = { independent: apart, pairs, contrasts: 1 }
    const contrast = (kind: 'difference' | 'ratio') => contrastOf({ of, kind }, sides, requested, method)
    const contrasts = { difference: contrast('difference'), ratio: contrast('ratio') }
    all[of] = comparedEstimate(a, b, contrasts, pairs !== null)
  }
  return all
}

type Limits = Pick<Estimate, 'value' | 'low' | 'high' | 'method'>

const limitsOf = ({ value, low, high, method }: Limits) => ({
  value: real(value),
  low: real(low),
  high: real(high),
  method,
})

interface Contrasts {
  readonly difference: Limits & Pick<Estimate, 'confidence'>
  readonly ratio: Limits
}

const comparedEstimate = (
  a: Estimate,
  b: Estimate,
  { difference, ratio }: Contrasts,
  paired: boolean,
): ComparedEstimate => ({
  first: limitsOf(a),
  second: limitsOf(b),
  confidence: difference.confidence,
  difference: limitsOf(difference),
  ratio: limitsOf(ratio),
  paired,
  differs: difference.low > 0 || difference.high < 0,
})

/**
 * If the intervals of both estimates contain their true values, the intervals of the difference and the ratio contain
 * theirs. By the union bound, the probability of this is at least the sum of the two confidences minus 1.
 */
function contrastsOfIntervals(a: Estimate, b: Estimate): Contrasts {
  const confidence = Math.max(0, Number((a.confidence + b.confidence - 1).toPrecision(12)))
  return {
    difference: { value: a.value - b.value, low: a.low - b.high, high: a.high - b.low, method: 'both', confidence },
    ratio: { value: a.value / b.value, ...ratioLimits(a, b), method: 'both' },
  }
}

/** Means of observed values may be negative. A divisor that may be 0 has no limits, unless both are at least 0. */
function ratioLimits(a: Estimate, b: Estimate): Pick<Estimate, 'low' | 'high'> {
  if (a.low >= 0 && b.low === 0) return { low: a.low / b.high, high: Number.POSITIVE_INFINITY }
  const ratios = [a.low, a.high].flatMap((limit) => [limit / b.low, limit / b.high])
  if ((b.low > 0 || b.high < 0) && !ratios.some(Number.isNaN))
    return { low: Math.min(...ratios), high: Math.max(...ratios) }
  return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
}

/** Ends early if a row is missing. */
async function* bitsOfRows(
  database: Database,
  id: string,
  of: string,
  trials: number,
  layout: RecordLayout,
): AsyncGenerator<BitRange> {
  for await (const { first, offsets, count, records } of readOutcomes(database, id, 0, trials)) {
    if (offsets !== null) return
    yield { first, count, bits: eventBits(of, records, layout) }
  }
}

/** The settings in which the first cells of the two sweeps differ, except those that both sweeps vary. */
function differing([first, second]: readonly [Outline, Outline], heads: readonly [SweepHead, SweepHead]) {
  const textOf = ({ settings }: Outline, { axes }: SweepHead, path: string): string => {
    if (axes.some((axis) => isWithin(path, axis))) return 'swept'
    const value = settings.get(path)
    return value === undefined ? 'not set' : value === null ? 'none' : String(value)
  }
  const paths = [...new Set([...first.settings.keys(), ...second.settings.keys()])]
  return paths.flatMap((path) => {
    const [a, b] = [textOf(first, heads[0], path), textOf(second, heads[1], path)]
    return a === b ? [] : [{ path, first: a, second: b }]
  })
}

const summaryOf = (head: SweepHead, { places, trials }: Outline) => sweepSummary(head, places.length, trials)
