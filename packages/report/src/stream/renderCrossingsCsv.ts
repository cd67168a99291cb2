import type { CrossingResult } from '../document/crossing.ts'
import { csvLine } from './csv.ts'

/** A grid line without a crossing has one row, in which the fields of the crossing are empty. */
export function renderCrossingsCsv({ crossings = [] }: { readonly crossings?: readonly CrossingResult[] }): string {
  const paths = [...new Set(crossings.flatMap(({ params }) => Object.keys(params)))]
  const columns = [
    'estimate',
    'equals',
    'over',
    'from',
    'to',
    'step',
    'found',
    'side',
    'located',
    'points',
    'trials',
  ] as const
  const own = ['value', 'low', 'high', 'direction'] as const
  const head = [...paths, ...own, 'cells.low', 'cells.high', ...columns, 'confidence']
  const lines = crossings.flatMap((line) =>
    (line.crossings.length === 0 ? [undefined] : line.crossings).map((crossing) =>
      csvLine([
        ...paths.map((path) => line.params[path]),
        ...own.map((key) => crossing?.[key]),
        ...(crossing?.cells ?? [undefined, undefined]),
        ...columns.map((key) => line[key]),
        line.confidence,
      ]),
    ),
  )
  return csvLine(head) + lines.join('')
}
