import {
  answerOf,
  cellsTable,
  checkRows,
  type DocumentData,
  FigureError,
  figureOf,
  type ReportedSweep,
  type Source,
  type SweepFigure,
  type WithWarnings,
} from '@driftfarm/report'
import { figurePlace } from './figurePlace.ts'
import { make, marked, scrolled } from './make.ts'

type Results = WithWarnings<DocumentData<'Results'>>

/** The answer in words, figures, checks and cells. A Results document has neither the spec nor curves. */
export async function reportOf({ data, warnings }: Results): Promise<readonly Node[]> {
  const { sweep } = data
  // The texts of reports that are used here read only the results.
  const reported = { results: data, warnings } as ReportedSweep
  const figures = (await figuresOf(data)).map(figurePlace)
  const rows = checkRows(reported)
  return [
    make('p', { className: 'kind' }, `sweep ${sweep.id.slice(0, 12)} · ${sweep.state} · seed ${sweep.seed}`),
    make('h2', {}, sweep.name),
    make('div', { className: 'answer' }, ...answerOf(reported).map(paragraph)),
    make('h3', {}, 'Figures'),
    ...figures,
    make('h3', {}, 'Checks'),
    rows.length === 0
      ? paragraph('All cells pass every check.')
      : tableOf('Checks', ['verdict', 'check', 'cells', 'finding', 'what to do'], rows),
    make('h3', {}, 'Cells'),
    ...cellsOf(reported),
  ]
}

/** A longer table makes a page slow. */
const maxRows = 1000

function cellsOf(reported: ReportedSweep): readonly Node[] {
  const { titles, rows, note } = cellsTable(reported)
  const { name } = reported.results.sweep
  const rest =
    rows.length > maxRows
      ? [`The first ${maxRows} of ${rows.length} cells are shown. For all of them, run \`driftfarm results ${name}\`.`]
      : []
  return [
    tableOf('Cells', titles, rows.slice(0, maxRows)),
    ...[...(note === null ? [] : [note]), ...rest].map(paragraph),
  ]
}

async function figuresOf(data: DocumentData<'Results'>) {
  const { sweep, cells, ...tail } = data
  const source = {
    withResults: async (_, use) => use({ head: { sweep }, cells, tail: async () => tail } as never),
    cell: async ({ cell: place }) => {
      const cell = cells.find(({ index }) => String(index) === place) ?? cells[0]!
      return { sweep, cell, resolved: {} } as never
    },
  } satisfies Partial<Source> as unknown as Source
  const requests: readonly SweepFigure[] = [
    {},
    { kind: 'line' },
    { kind: 'ends' },
    ...(data.contrasts.length > 0 ? [{ kind: 'contrast' } as const] : []),
  ]
  const drawn = new Map()
  for (const request of requests) {
    const figure = await figureOf(source, sweep.id, request, data).catch((error: unknown) => {
      // A sweep of one cell, for example, has no line.
      if (error instanceof FigureError) return null
      throw error
    })
    if (figure !== null) drawn.set(figure.figure, figure)
  }
  return [...drawn.values()]
}

const paragraph = (text: string): HTMLElement => make('p', {}, ...marked(text))

function tableOf(name: string, titles: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const line = (cell: 'th' | 'td', texts: readonly string[]) =>
    make('tr', {}, ...texts.map((text) => make(cell, {}, ...marked(text))))
  const body = make('tbody', {}, ...rows.map((texts) => line('td', texts)))
  return scrolled(make('table', { className: name.toLowerCase() }, make('thead', {}, line('th', titles)), body), name)
}
