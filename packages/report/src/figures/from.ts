import { areMonotone } from '../axes/jointAxes.ts'
import { axisNamed, sweptAxes } from '../axes/sweptAxes.ts'
import { parseWhere } from '../axes/where.ts'
import type { FitData } from '../document/fit.ts'
import type { OracleData } from '../document/oracle.ts'
import { collectAll } from '../document/streamed.ts'
import type { TheoremData } from '../document/theorem.ts'
import { FigureError } from '../error.ts'
import type { Source } from '../source.ts'
import { boundaryFigure } from './boundary.ts'
import { contrastFigure } from './contrast.ts'
import { convergenceFigure, maxConvergences } from './convergence.ts'
import { curveFigure } from './curve.ts'
import { endsFigure } from './ends.ts'
import type { Figure } from './figure.ts'
import { fitFigure, residualsFigure } from './fit.ts'
import { type Known, lineFigure } from './line.ts'
import { mapFigure } from './map.ts'
import type { FigureRequest } from './request.ts'
import { estimateOf, type FiguredCell, type FiguredResults, selectCells, varyingAxes } from './selectCells.ts'
import { spread } from './series.ts'
import { trajectoryFigure } from './trajectory.ts'

/** Exact values and bounds are drawn for at most this many cells. For more cells, they would take minutes. */
const maxExact = 100
const defaultTrials = [0, 1, 2, 3, 4] as const

/** A figure of a sweep, of the requested kind or of the kind that its axes suggest. */
export async function figureFrom(source: Source, sweep: string, request: FigureRequest = {}): Promise<Figure> {
  switch (request.kind) {
    case 'curve':
      return curveFigure(await curvesOf(source, sweep, request), request)
    case 'fit':
      return fitFigure(await fitOf(source, sweep, request))
    case 'residuals':
      return residualsFigure(await fitOf(source, sweep, request))
    case 'contrast':
      return contrastFigure((await withoutCells(source, sweep)).data, request)
    case 'trajectory': {
      const { cell = 0, trials = defaultTrials } = request
      return trajectoryFigure(await source.paths({ sweep, cell, trials: [...trials] }), request)
    }
    default:
      return figureOfResults(source, sweep, await reduceResults(source, sweep, request.onCells), request)
  }
}

/** Takes results that have already been read, so that a caller that draws several figures reads the results once. */
export async function figureOfResults(
  source: Source,
  sweep: string,
  results: FiguredResults,
  request: FigureRequest,
): Promise<Figure> {
  const { cells, axes } = selectCells(results, request.where)
  const kind = request.kind ?? suggestedKind(results, request)
  switch (kind) {
    case 'map':
      return mapFigure(results, request)
    case 'ends':
      return endsFigure(results, request)
    case 'boundary':
      return boundaryFigure(results, request)
    case 'convergence': {
      const of = estimateOf(cells, request.of)
      const chosen =
        request.cell === undefined
          ? spread(cells, maxConvergences)
          : cells.filter(({ index }) => index === request.cell)
      const indices = chosen.map(({ index }) => index)
      return convergenceFigure(await source.convergence({ sweep, of, cells: indices }), request)
    }
    case 'curve':
      return curveFigure(await curvesOf(source, sweep, request), request)
    default: {
      const known = await knownOf(source, sweep, cells, request)
      if (request.x !== undefined) axisNamed(axes, request.x)
      return lineFigure(results, request, known)
    }
  }
}

export function suggestedKind(
  results: FiguredResults,
  request: Pick<FigureRequest, 'where' | 'x' | 'y' | 'by' | 'show' | 'of' | 'oracle' | 'theorem'>,
): 'line' | 'map' | 'ends' | 'boundary' {
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
export function reduceResults(
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

function withoutCells(source: Source, sweep: string) {
  return source.withResults(sweep, async ({ head, tail }) => ({ data: { ...head, ...(await tail()) } }))
}

async function curvesOf(source: Source, sweep: string, { where }: FigureRequest) {
  return source.withCurves(sweep, async (curves) => {
    const all = await collectAll(curves)
    if (where === undefined) return all
    const holds = parseWhere(sweptAxes(all.cells), where)
    return { ...all, cells: all.cells.filter(({ params }) => holds(params)) }
  })
}

async function fitOf(source: Source, sweep: string, { formula, by, where, onCells }: FigureRequest): Promise<FitData> {
  if (formula === undefined)
    throw new FigureError('NO_SUCH_FIGURE', 'a figure of a fit needs a formula', {
      hint: 'add --fit "log(escapeRate) ~ 1/T"',
    })
  const { data } = await source.fit({ sweep, formula, by, where }, { onCells })
  return data
}

async function knownOf(
  source: Source,
  sweep: string,
  cells: readonly FiguredCell[],
  { oracle, theorem, onCells }: FigureRequest,
): Promise<Known> {
  if (oracle !== true && theorem !== true) return {}
  if (cells.length > maxExact)
    throw new FigureError(
      'NO_SUCH_FIGURE',
      `exact values and bounds can be drawn for at most ${maxExact} cells, not for ${cells.length}`,
      {
        hint: 'choose fewer cells with --where',
      },
    )
  const ofEach = async <Data extends OracleData | TheoremData>(ask: (cell: string) => Promise<Data>): Promise<Data> => {
    const answers: Data[] = []
    for (const { index } of cells) {
      answers.push(await ask(String(index)))
      onCells?.(answers.length, cells.length)
    }
    return { ...answers[0]!, cells: answers.flatMap<Data['cells'][number]>((answer) => answer.cells) }
  }
  return {
    ...(oracle === true ? { oracle: await ofEach((cell) => source.exact({ sweep, cell })) } : {}),
    ...(theorem === true ? { theorem: await ofEach((cell) => source.theorem({ sweep, cell })) } : {}),
  }
}
