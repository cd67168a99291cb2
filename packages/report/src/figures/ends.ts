import type { Estimate } from '@driftfarm/statistics'
import { hiddenAxesSentence } from '../axes/jointAxes.ts'
import type { Counts } from '../document/results.ts'
import { FigureError } from '../error.ts'
import { short } from '../format/quantity.ts'
import { axisOfPath } from './axis.ts'
import type { Axis, Bar, Figure, FigureOptions } from './figure.ts'
import { atMiddleValues, type FiguredCell, type FiguredResults, rolesOf, selectCells } from './selectCells.ts'
import { doubtOf, doubtSentences, intervalsSentence, placeText } from './words.ts'

const ends = ['escaped', 'converged', 'diverged', 'undecided'] as const satisfies readonly (keyof Counts['ends'])[]

/** More bars cannot be distinguished. */
const maxBars = 60

export function endsFigure(
  results: FiguredResults,
  options: FigureOptions & { readonly where?: string | undefined } = {},
): Figure {
  const { cells: all, axes } = selectCells(results, options.where)
  const { roles, along, rest } = rolesOf(axes, ['x'], options, all)
  const { x } = roles
  const { cells: at, sentences } = atMiddleValues(all, rest)
  const cells = at.filter(({ trials }) => Number(trials) > 0)
  if (cells.length === 0)
    throw new FigureError('NOTHING_TO_DRAW', 'no cell has trials yet', { hint: 'run the sweep first' })
  const step = Math.ceil(cells.length / maxBars)
  const drawn = cells.filter((_, place) => place % step === 0)
  const parts = ends.filter((end) => drawn.some(({ counts }) => counts.ends[end] > 0))
  const names = drawn.map((cell) => (x === undefined ? 'all' : String(x.placeOf(cell.params) ?? 'none')))
  const bars = drawn.map((cell, place) => barOf(cell, names[place]!, parts, placeText(axes, cell.params)))
  const across: Axis =
    x === undefined
      ? { label: '', scale: 'categorical', domain: null, categories: ['all'], ticks: null, path: null }
      : {
          ...axisOfPath(x, false),
          scale: 'categorical',
          domain: null,
          categories: orderedNames(names, x.places),
          ticks: null,
        }
  return {
    figure: 'ends',
    title: `${results.sweep.name}: outcomes of trials${x === undefined ? '' : `, by ${x.title}`}`,
    sweep: { id: results.sweep.id, name: results.sweep.name, state: results.sweep.state },
    of: null,
    x: across,
    y: { label: 'share of trials', scale: 'linear', domain: [0, 1], categories: null, ticks: null, path: null },
    color: null,
    seriesTitle: 'outcome',
    series: [...parts],
    layers: [{ type: 'bars', parts: [...parts], bars }],
    caption: [
      'Each trial has one outcome, so the shares add up to 1.',
      ...intervalsSentence(drawn.flatMap((cell) => parts.flatMap((part) => intervalOf(cell, part) ?? []))),
      ...(step > 1 ? [`Only one in ${step} of the ${cells.length} cells is drawn.`] : []),
      ...(cells.length < at.length
        ? [`Cells that have no trials yet: ${at.length - cells.length} of ${at.length}.`]
        : []),
      ...sentences,
      ...hiddenAxesSentence(along),
      ...doubtSentences(
        bars.map(({ doubt }) => doubt),
        'signs',
      ),
    ],
  }
}

function orderedNames(names: readonly string[], places: readonly (number | string)[]): string[] {
  const there = new Set(names)
  return [...places.map(String), 'none'].filter((name) => there.has(name))
}

/** Returns null if the document has no estimate of exactly this event. */
function intervalOf({ counts, estimates }: FiguredCell, part: (typeof ends)[number]): Estimate | null {
  const name = { escaped: 'escape', converged: 'converge', diverged: 'diverge', undecided: null }[part]
  const estimate = name === null ? undefined : estimates[name]
  return estimate !== undefined && estimate.events === counts.ends[part] ? estimate : null
}

function barOf(cell: FiguredCell, x: string, parts: readonly (typeof ends)[number][], where: string): Bar {
  const trials = Number(cell.trials)
  const shares = parts.map((part) => {
    const events = cell.counts.ends[part]
    const { low, high } = intervalOf(cell, part) ?? { low: null, high: null }
    return { part, events, value: events / trials, low, high }
  })
  return {
    cell: cell.index,
    x,
    doubt: doubtOf(cell.checks),
    parts: shares,
    text:
      `cell ${cell.index}${where === '' ? '' : ` · ${where}`} · ` +
      shares.map(({ part, events }) => `${short(events)} ${part}`).join(', '),
  }
}
