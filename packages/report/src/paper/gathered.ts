import { type SweptAxis, sweptAxes } from '../axes/sweptAxes.ts'
import type { WholeCellData } from '../document/cell.ts'
import type { ObservedData } from '../document/observed.ts'
import type { ResultsData } from '../document/results.ts'
import { collectAll } from '../document/streamed.ts'
import { FigureError } from '../error.ts'
import type { Figure, SweepFigure } from '../figure/figure.ts'
import { figureOf, suggestedKind } from '../figureOf.ts'
import type { FileContents, Origins } from '../file/contents.ts'
import { commandText } from '../shellWord.ts'
import type { Input, Source } from '../source.ts'

export interface ReportFigure {
  readonly figure: Figure
  readonly command: string
}

export interface ReportedSweep {
  readonly results: ResultsData
  readonly warnings: readonly string[]
  readonly origins: Origins
  /** The first cell, the last cell, and for each swept path the first cell with another value. */
  readonly samples: readonly Pick<WholeCellData, 'cell' | 'resolved'>[]
  readonly figures: readonly ReportFigure[]
  /** Null if the sweep observes nothing, or has too many cells. */
  readonly observed: ObservedData | null
  /** The data for a page or a program; null if they were not requested, or are too large for a file. */
  readonly contents: FileContents | null
}

export interface ReportRequest {
  readonly oracle?: boolean
  readonly theorem?: boolean
  /** Whether to include the data that a page needs to open the file. Default false. */
  readonly data?: boolean
  readonly onCells?: (done: number, total: number) => void
}

/** What a report says about itself. */
export interface ReportOptions {
  /** The date of the report, as it is printed. */
  readonly made: string
  readonly version: string
}

export async function reportedSweep(
  source: Source,
  sweep: string,
  request: ReportRequest = {},
): Promise<ReportedSweep> {
  const { data, warnings } = await source.withResults(sweep, async (streamed) => ({
    data: await collectAll(streamed, (done) => request.onCells?.(done, streamed.head.sweep.cells)),
    warnings: streamed.warnings,
  }))
  const { asking, known } = recordingSource(source)
  const answer = data.cells.length > maxCellsWithCurves ? null : await source.observed({ sweep })
  const observed = answer === null || answer.data.cells.length === 0 ? null : answer
  const figures = await figuresOf(asking, sweep, { results: data, observed: observed?.data ?? null, request })
  const origins = await source.origins({ sweep })
  const samples = await Promise.all([...sampled(data.cells)].map((cell) => source.cell({ sweep, cell: String(cell) })))
  return {
    results: data,
    warnings: [...warnings, ...(observed?.warnings ?? [])],
    origins,
    samples,
    figures,
    observed: observed?.data ?? null,
    contents:
      request.data === true
        ? await fileContents(source, sweep, {
            results: { data, warnings },
            origins,
            ...known,
            ...(observed !== null && { observed }),
          })
        : null,
  }
}

function sampled(cells: ResultsData['cells']): ReadonlySet<number> {
  const [first] = cells
  const differs = ({ placeOf }: SweptAxis) => cells.find(({ params }) => placeOf(params) !== placeOf(first!.params))
  return new Set([first, ...sweptAxes(cells).map(differs), cells.at(-1)].flatMap((cell) => cell?.index ?? []))
}

/**
 * Remembers exact values and bounds of Theorem 1, so that the report file can include them without repeating these slow
 * computations.
 */
function recordingSource(source: Source) {
  const known: Pick<FileContents, 'exact' | 'theorem'> = { exact: null, theorem: null }
  const recording = (name: 'exact' | 'theorem') => async (input: Input<typeof name>) => {
    const answer = await source[name](input)
    Object.assign(known, { [name]: { ...answer, cells: [...(known[name]?.cells ?? []), ...answer.cells] } })
    return answer as never
  }
  return { asking: { ...source, exact: recording('exact'), theorem: recording('theorem') }, known }
}

/** More cells would make the file too large to share. */
const maxEmbeddedCells = 20_000
/** With more cells, a report could draw only a small share of the curves. */
const maxCellsWithCurves = 2_000

type Known = Pick<FileContents, 'results' | 'origins' | 'exact' | 'theorem' | 'observed'>

/** Returns null if the sweep has too many cells, or was removed in the meantime. */
async function fileContents(source: Source, sweep: string, known: Known): Promise<FileContents | null> {
  const status = await source.status({ sweep })
  const { done, open, failed } = status.cells
  const total = done + open + failed
  if (total > maxEmbeddedCells) return null
  const { sweeps } = await source.sweeps()
  const listed = sweeps.find(({ id }) => id === sweep)
  if (listed === undefined) return null
  return {
    status,
    // A page that opens the file treats the sweep as the only one with its name.
    listed: { ...listed, newest: true, differs: [] },
    cells: await source.cells({ sweep }),
    ...known,
    curves: total > maxCellsWithCurves ? null : await source.curves(sweep),
  }
}

async function figuresOf(
  source: Source,
  sweep: string,
  { results, observed, request }: Pick<ReportedSweep, 'results' | 'observed'> & { readonly request: ReportRequest },
): Promise<readonly ReportFigure[]> {
  const { name } = results.sweep
  const figures: ReportFigure[] = []
  const add = async (asked: SweepFigure): Promise<void> => {
    try {
      figures.push({
        figure: await figureOf(source, sweep, asked, results),
        command: commandText(['figure', name], asked),
      })
    } catch (error) {
      // Some figures cannot be drawn for some sweeps. For example, a sweep of one cell has no map.
      if (!(error instanceof FigureError)) throw error
    }
  }
  const kind = suggestedKind(results, {})
  if (kind === 'boundary' || kind === 'map') await add({ kind })
  if (kind === 'map') await add({ kind, show: 'width' })
  const hasCurves = results.cells.length <= maxCellsWithCurves
  // For a threshold search, the line figure shows the estimates against the searched path.
  const [x, oracle, theorem] = [results.crossings?.[0]?.over, request.oracle || undefined, request.theorem || undefined]
  if (kind !== 'ends' && hasCurves) await add({ kind: 'line', x, oracle, theorem })
  if (hasCurves) await add({ kind: 'curve' })
  await add({ kind: 'ends' })
  for (const of of new Set(observed?.cells.flatMap(({ values }) => values.map(({ observation }) => observation))))
    await add({ kind: 'observed', of })
  if (results.contrasts.length > 0) await add({ kind: 'contrast' })
  return figures
}
