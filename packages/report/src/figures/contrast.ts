import type { ContrastResult } from '../document/contrast.ts'
import type { ResultsData } from '../document/results.ts'
import { oneLine } from '../table/text.ts'
import { valueAxis } from './axes.ts'
import { FigureError } from './error.ts'
import type { Figure, FigureOptions, Point } from './figure.ts'

/** More rows cannot be read. */
const mostRows = 40

/** The contrasts of a sweep, one row each, beside the line of no difference. */
export function contrastFigure(
  { sweep, contrasts }: Pick<ResultsData, 'sweep' | 'contrasts'>,
  options: FigureOptions = {},
): Figure {
  const asked = contrasts.filter(({ of }) => options.of === undefined || of === options.of)
  const [first] = asked
  if (first === undefined)
    throw new FigureError(
      'NOTHING_TO_DRAW',
      options.of === undefined ? `${sweep.name} has no contrasts` : `no contrast of ${sweep.name} is of ${options.of}`,
      { hint: contrasts.length === 0 ? 'add contrasts: to the spec' : 'leave --of out' },
    )
  // A difference and a ratio have no common axis.
  const alike = asked.filter(({ kind, of }) => kind === first.kind && of === first.of)
  const shown = alike.slice(0, mostRows)
  const rows = labelled(shown)
  const none = first.kind === 'difference' ? 0 : 1
  const log = first.kind === 'ratio' && options.log?.includes('x') === true
  const points = rows.flatMap(({ contrast, name }): Point[] => {
    const { value, low, high, cells, method } = contrast
    if (typeof value === 'string') return []
    return [
      {
        cell: cells[0],
        x: name,
        y: value,
        low: typeof low === 'string' ? null : low,
        high: typeof high === 'string' ? null : high,
        limit: null,
        doubt: null,
        text:
          `cells ${cells[0]} and ${cells[1]} · ${name} · ${first.kind} ` +
          `${oneLine(value)} [${low}, ${high}] · ${method}`,
      },
    ]
  })
  const label = first.kind === 'difference' ? `difference of P(${first.of})` : `ratio of P(${first.of})`
  const methods = [...new Set(shown.map(({ method, confidence }) => `${100 * confidence} % ${method}`))]
  return {
    figure: 'contrast',
    title: `${sweep.name}: ${label}`,
    sweep: { id: sweep.id, name: sweep.name, state: sweep.state },
    of: first.of,
    x: {
      label: '',
      scale: 'categorical',
      domain: null,
      categories: rows.map(({ name }) => name),
      ticks: null,
      path: null,
    },
    y: valueAxis(label, [none, ...points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y])], { log }),
    color: null,
    seriesTitle: null,
    series: [],
    layers: [
      {
        type: 'line',
        series: null,
        role: 'reference',
        steps: false,
        points: rows.map(({ name }) => ({ x: name, y: none })),
        text: 'no difference',
      },
      { type: 'points', series: null, joined: false, points },
    ],
    caption: [
      `Intervals: ${methods.join(' or ')}; the line is no difference.`,
      ...(alike.length > shown.length ? [`The first ${shown.length} of ${alike.length} contrasts.`] : []),
      ...(asked.length > alike.length
        ? [`${asked.length - alike.length} contrasts of another kind: --of chooses.`]
        : []),
      ...(points.length < rows.length ? [`${rows.length - points.length} ratios are not finite.`] : []),
    ],
  }
}

/** A name for each row: what differs, and where. Two with the same name are numbered, since a place has one row. */
function labelled(contrasts: readonly ContrastResult[]): { contrast: ContrastResult; name: string }[] {
  const seen = new Map<string, number>()
  return contrasts.map((contrast) => {
    const between = Object.entries(contrast.between).map(
      ([path, [a, b]]) => `${path.split('.').at(-1)} ${oneLine(a)} | ${oneLine(b)}`,
    )
    const shared = Object.entries(contrast.params).map(([path, value]) => `${path.split('.').at(-1)} ${oneLine(value)}`)
    const name = [between.join(', '), shared.join(', ')].filter((part) => part !== '').join(' · ')
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return { contrast, name: times === 1 ? name : `${name} (${times})` }
  })
}
