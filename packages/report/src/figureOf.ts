import { areMonotone } from './axes/jointAxes.ts'
import { cellsWhere } from './axes/where.ts'
import { columnsOf } from './document/define.ts'
import { FigureError } from './error.ts'
import type { SweepFacts } from './figure/facts.ts'
import {
  type Figure,
  type FigureKind,
  type FigureOptions,
  figureKinds,
  figureQuery,
  labelled,
  type SweepFigure,
  sweepKinds,
} from './figure/figure.ts'
import { type FiguredCell, type FiguredResults, selectCells, varyingAxes } from './figure/selectCells.ts'
import { setupSentences } from './figure/setup.ts'
import type { FigureTerm } from './figure/term.ts'
import { expressionSentence } from './figure/words.ts'
import { figures } from './figures.generated.ts'
import { texts } from './format/text.ts'
import type { Source } from './source.ts'

const terms: Readonly<Record<FigureKind, FigureTerm>> = figures

/** The kinds of figures that a sweep with these facts has, and for the other kinds the reasons why it has none. */
export function kindsOfSweep(facts: SweepFacts) {
  const judged = sweepKinds.map((kind) => ({ kind, applies: terms[kind].applies?.(facts) ?? true }))
  return {
    kinds: judged.flatMap(({ kind, applies }) => (applies === true ? [kind] : [])),
    others: judged.flatMap(({ kind, applies }) => (applies === true ? [] : [{ kind, reason: applies }])),
  }
}

/** The options that apply to a kind of figure. */
export const optionsOf = (kind: FigureKind): readonly (keyof FigureOptions)[] => [...terms[kind].options, 'label']

/** What the page calls a figure of this kind. */
export const labelOf = (kind: FigureKind): string => terms[kind].label

/** How to read a figure of this kind. */
export const howToRead = (kind: FigureKind): string => terms[kind].howToRead

/**
 * A figure of a sweep, of the requested kind or of the kind that its axes suggest. A caller that draws several figures
 * passes the results, so that they are read once.
 */
export async function figureOf(
  source: Source,
  sweep: string,
  request: SweepFigure = {},
  given?: FiguredResults,
): Promise<Figure> {
  const read = new Map<string, Promise<FiguredResults>>(given && [[sweep, Promise.resolve(given)]])
  const results = (of = sweep): Promise<FiguredResults> => {
    if (!read.has(of)) read.set(of, reduceResults(source, of, request.onCells))
    return read.get(of)!
  }
  const kind = request.kind ?? suggestedKind(await results(), request)
  const { ofSweep } = terms[kind] ?? {}
  if (ofSweep === undefined)
    throw new FigureError('NO_SUCH_FIGURE', `${kind} is not a kind of figure of a sweep`, {
      hint: `choose one of ${sweepKinds.join(', ')}`,
    })
  const figure = await ofSweep({ source, sweep, request, results })
  // Settings that are the same in the first and the last cell are rarely swept.
  const only = kind === 'trajectory' ? (request.cell ?? 0) : request.cell
  const cellOf = (of: string, cell: number) => source.cell({ sweep: of, cell: String(cell) })
  const first = await cellOf(sweep, only ?? 0)
  // Most cells of a threshold search have no results, often also the one with this number.
  const lastKnown = async () => cellOf(sweep, (await results()).cells.at(-1)?.index ?? 0)
  const last = read.has(sweep) ? lastKnown() : cellOf(sweep, first.sweep.cells - 1).catch(lastKnown)
  const others = [last, ...[...read.keys()].map((of) => cellOf(of, 0))]
  const setup = setupSentences(first, only === undefined ? await Promise.all(others) : [])
  const { where } = request
  const all = where === undefined ? [] : (await results()).cells
  const filter = where !== undefined && `${where}: ${cellsWhere(all, where).cells.length} of ${all.length} cells.`
  const caption = texts(setup, filter, expressionSentence(figure.of, first.sweep), figure.caption)
  return labelled({ ...figure, caption }, request.label)
}

export function suggestedKind(results: FiguredResults, request: SweepFigure): 'line' | 'map' | 'ends' | 'boundary' {
  const { cells, axes: all } = selectCells(results, request.where)
  const axes = varyingAxes(all)
  if (axes.length > 0 && (request.oracle === true || request.theorem === true)) return 'line'
  const asksForCells = request.y !== undefined || request.show !== undefined || request.of !== undefined
  if (axes.length > 1 && results.crossings !== undefined && !asksForCells) return 'boundary'
  if (request.y !== undefined || request.show !== undefined) return 'map'
  if (axes.length === 0) return 'ends'
  if (axes.length === 1 || request.by !== undefined) return 'line'
  const [first] = axes
  const second = axes.find((axis) => axis !== first && !areMonotone(first!, axis, cells))
  if (second === undefined) return 'line'
  return first!.places.length > 2 && second.places.length > 2 ? 'map' : 'line'
}

/**
 * Keeps only the parts of the results that figures show. For a sweep of a million cells, these parts are a tenth of the
 * results.
 */
function reduceResults(
  source: Source,
  sweep: string,
  onCells: (done: number, total: number) => void = () => undefined,
): Promise<FiguredResults> {
  return source.withResults(sweep, async ({ head, cells, tail }) => {
    const all: FiguredCell[] = []
    for await (const { index, params, trials, counts, estimates, checks, stopped } of cells()) {
      all.push({ index, params, trials, counts, estimates, checks, stopped })
      onCells(all.length, head.sweep.cells)
    }
    const { crossings } = await tail()
    return { sweep: head.sweep, cells: all, ...(crossings === undefined ? {} : { crossings }) }
  })
}

export const figureOptions = columnsOf(figureQuery)

const appliesTo = (option: keyof FigureOptions, kind: string): boolean =>
  kind in terms && optionsOf(kind as FigureKind).includes(option)

/** Returns an option, with its value if there is one, as users type it: `--x` or `--kind map` on a command line. */
type Named = (option: keyof SweepFigure, value?: string) => string

/** Throws a FigureError USAGE if an option does not apply to the kind. */
export function requireApplicableOptions(
  request: Omit<SweepFigure, 'kind'> & { readonly kind?: string | undefined },
  named: Named,
) {
  const { kind } = request
  const kindsOf = (option: keyof FigureOptions) => figureKinds.filter((each) => appliesTo(option, each)).join(' or ')
  for (const option of figureOptions) {
    if (request[option] === undefined || kind === undefined || appliesTo(option, kind)) continue
    const kinds = kindsOf(option)
    throw new FigureError('USAGE', `${named(option)} does not apply to ${named('kind', kind)}`, {
      hint: `it applies to ${named('kind', kinds)}: remove ${named(option)} or change the kind`,
    })
  }
  // None of the kinds that the axes of a sweep suggest has these options.
  for (const option of ['fit', 'trials', 'cell'] as const)
    if (kind === undefined && request[option] !== undefined)
      throw new FigureError('USAGE', `${named(option)} needs ${named('kind', kindsOf(option))}`, {
        hint: `add ${named('kind', kindsOf(option))}`,
      })
}
