import {
  comparisonFigure,
  curveFigure,
  type DataDefinition,
  type DocumentData,
  documents,
  type Figure,
  fitFigure,
  residualsFigure,
  type View,
  type WithWarnings,
} from '@driftfarm/report'
import { figurePlace } from './figurePlace.ts'
import { make, marked, scrolled } from './make.ts'
import { reportOf } from './report.ts'

/** What is shown of documents that are more than a table. */
const shown: Readonly<Record<string, (document: WithWarnings<never>) => readonly Node[] | Promise<readonly Node[]>>> = {
  Figure: ({ data }: WithWarnings<Figure>) => [figurePlace(data)],
  Curves: ({ data }: WithWarnings<DocumentData<'Curves'>>) => [figurePlace(curveFigure(data))],
  Fit: ({ data }: WithWarnings<DocumentData<'Fit'>>) => [fitFigure(data), residualsFigure(data)].map(figurePlace),
  Comparison: ({ data }: WithWarnings<DocumentData<'Comparison'>>) => [figurePlace(comparisonFigure(data))],
  Results: reportOf,
}

/** Throws an Error with one sentence for the reader of the page if the document cannot be shown. */
export async function contentOf(document: unknown): Promise<readonly Node[]> {
  if (document === null || document === undefined) return []
  const { kind, error } = document as { readonly kind?: unknown; readonly error?: Partial<Record<string, unknown>> }
  if (typeof error?.message === 'string') throw new Error([error.message, error.hint ?? []].flat().join('. '))
  const known = Object.entries<DataDefinition<unknown> & Partial<View<never>>>(documents)
  const definition = known.find(([name]) => name === kind)?.[1]
  if (definition === undefined || (shown[definition.kind] ?? definition.table) === undefined)
    throw new Error(
      `${kind === undefined ? 'This is not a document of Drift Farm' : `Documents of kind ${kind} cannot be shown`}. ` +
        'The element shows what commands print with --json, for example `driftfarm figure` or `driftfarm results`.',
    )
  const checked = definition.shape.safeParse(document)
  if (!checked.success) {
    const [{ path, message }] = checked.error.issues as [(typeof checked.error.issues)[0]]
    throw new Error(
      `The ${kind} document is damaged, or another version of Drift Farm wrote it. ${path.join('.')}: ${message}`,
    )
  }
  const { data, warnings } = checked.data as WithWarnings<never>
  const nodes = (await shown[definition.kind]?.({ data, warnings })) ?? []
  const table = definition.table === undefined ? [] : [await tableOf(definition.table(data))]
  return [...warnings.map((text) => make('p', { className: 'warning' }, ...marked(text))), ...nodes, ...table]
}

async function tableOf(text: ReturnType<View<never>['table']>): Promise<Node> {
  let whole = ''
  for await (const piece of typeof text === 'string' ? [text] : text) whole += piece
  return scrolled(make('pre', {}, whole), 'Table')
}

export const failureOf = (error: unknown): readonly Node[] => [
  make('p', { className: 'failure', role: 'alert' }, ...marked((error as Error).message)),
]
