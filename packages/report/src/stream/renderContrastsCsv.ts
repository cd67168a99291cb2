import type { ResultsData } from '../document/results.ts'
import { csvLine } from './csv.ts'

export function renderContrastsCsv({ contrasts }: Pick<ResultsData, 'contrasts'>): string {
  const paths = [...new Set(contrasts.flatMap(({ params }) => Object.keys(params)))]
  const head = [
    'of',
    'kind',
    'between',
    'between.first',
    'between.second',
    'cells.first',
    'cells.second',
    ...paths,
    'value',
    'low',
    'high',
    'confidence',
    'method',
    'simultaneous',
    'paired.both',
    'paired.first',
    'paired.second',
    'paired.neither',
    'pValue',
  ]
  const lines = contrasts.map((contrast) => {
    const { of, kind, between, cells, params, value, low, high, confidence, method, simultaneous } = contrast
    const { paired, pValue } = contrast
    const [path, values] = Object.entries(between)[0]!
    return csvLine([
      of,
      kind,
      path,
      ...values,
      ...cells,
      ...paths.map((each) => params[each]),
      value,
      low,
      high,
      confidence,
      method,
      simultaneous,
      paired?.both,
      paired?.first,
      paired?.second,
      paired?.neither,
      pValue,
    ])
  })
  return csvLine(head) + lines.join('')
}
