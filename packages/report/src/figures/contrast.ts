import type { ContrastResult } from '../document/contrast.ts'
import type { ResultsData } from '../document/results.ts'
import { FigureError } from '../error.ts'
import { countText } from '../format/quantity.ts'
import { oneLine } from '../format/text.ts'
import type { Figure, FigureOptions } from './figure.ts'
import { type ForestRow, forest } from './forest.ts'

/** More rows would be unreadable. */
const maxRows = 40

export function contrastFigure(
  { sweep, contrasts }: Pick<ResultsData, 'sweep' | 'contrasts'>,
  options: FigureOptions = {},
): Figure {
  const requested = contrasts.filter(({ of }) => options.of === undefined || of === options.of)
  const [first] = requested
  if (first === undefined)
    throw new FigureError(
      'NOTHING_TO_DRAW',
      options.of === undefined ? `${sweep.name} has no contrasts` : `${sweep.name} has no contrast of ${options.of}`,
      { hint: contrasts.length === 0 ? 'add `contrasts:` to the spec' : 'remove --of' },
    )
  // Differences and ratios cannot share an axis, so only contrasts of the same kind as the first are drawn.
  const alike = requested.filter(({ kind, of }) => kind === first.kind && of === first.of)
  const shown = alike.slice(0, maxRows)
  const isDifference = first.kind === 'difference'
  const label = `${isDifference ? 'difference' : 'ratio'} of P(${first.of})`
  const methods = [...new Set(shown.map(({ method, confidence }) => `${100 * confidence} % ${method}`))]
  const others =
    options.of === undefined ? 'of another kind or probability (--of selects a probability)' : 'of another kind'
  const endless = shown.filter(({ value }) => typeof value === 'string').length
  return forest(
    {
      title: `${sweep.name}: ${label}`,
      sweep: { id: sweep.id, name: sweep.name, state: sweep.state },
      of: first.of,
      caption: [
        `Intervals: ${methods.join(' or ')}. The line marks a ${isDifference ? 'difference of 0' : 'ratio of 1'}.`,
        ...(alike.length > shown.length
          ? [`Only the first ${shown.length} of ${alike.length} contrasts are shown.`]
          : []),
        ...(requested.length > alike.length
          ? [`Not shown: ${countText(requested.length - alike.length, 'contrast')} ${others}.`]
          : []),
        ...(endless > 0 ? [endlessSentence(endless)] : []),
      ],
    },
    shown.map(rowOf),
    { label, none: isDifference ? 0 : 1, log: !isDifference && options.log?.includes('x') === true },
  )
}

const endlessSentence = (count: number): string =>
  count === 1
    ? '1 contrast is not drawn, because its ratio is not finite.'
    : `${count} contrasts are not drawn, because their ratios are not finite.`

function rowOf({ between, params, cells, kind, value, low, high, method }: ContrastResult): ForestRow {
  const end = (path: string) => path.split('.').at(-1)
  const differs = Object.entries(between).map(([path, [a, b]]) => `${end(path)} ${oneLine(a)} | ${oneLine(b)}`)
  const shared = Object.entries(params).map(([path, value]) => `${end(path)} ${oneLine(value)}`)
  const name = [differs.join(', '), shared.join(', ')].filter((part) => part !== '').join(' · ')
  const text = `cells ${cells[0]} and ${cells[1]} · ${name} · ${kind} ${value} [${low}, ${high}] · ${method}`
  return { name, value, low, high, cell: cells[0], text }
}
