import { type Cell, stepSamples, trainingNoise } from '@driftfarm/spec'
import { sweptAxes } from '../axes/sweptAxes.ts'
import { setupOf } from '../figure/setup.ts'
import { quantityOf } from '../figure/words.ts'
import { estimateNames, valueLabel } from '../format/label.ts'
import { countText, grouped } from '../format/quantity.ts'
import { texts } from '../format/text.ts'
import { updateFormulas } from '../format/updateText.ts'
import type { ReportedSweep } from './gathered.ts'

type Part = Readonly<{ title: string; formulas?: readonly string[]; sentences: readonly string[] }>

/** What was simulated and which question the trials answer, for readers who know nothing else about the sweep. */
export function experimentOf({ results, samples }: ReportedSweep): readonly Part[] {
  const cells = samples.map(({ resolved }) => resolved as unknown as Cell)
  const at = Math.max(0, cells.findIndex(isNoisy))
  const cell = cells[at]
  if (cell === undefined) return []
  const isShared = <T>(of: (cell: Cell) => T) => cells.every((other) => valueLabel(of(other)) === valueLabel(of(cell)))
  const differs = `Shown is cell ${samples[at]!.cell.index}; other cells differ.`
  const described = partsOf(cell).map((part, place) =>
    isShared((other) => partsOf(other)[place]) ? part : { ...part, sentences: [...part.sentences, differs] },
  )
  const settings = setupOf(cell as never).flatMap(([name, text], place) =>
    elsewhere.has(name) ? [] : [`${name} ${isShared((other) => setupOf(other as never)[place]) ? text : 'varied'}`],
  )
  return [
    ...described,
    { title: 'Settings', sentences: [`${settings.join('; ')}.`] },
    { title: 'Question', sentences: questionSentences(results) },
  ]
}

/** The settings that the other parts describe. */
const elsewhere = new Set(['loss L', 'steps', 'escape', 'method'])

const partsOf = (cell: Cell): Part[] => [
  { title: 'Loss', sentences: [lossText(cell.landscape)] },
  { title: 'Update', formulas: updateFormulas(cell.update), sentences: noiseSentences(cell) },
  { title: 'Event', sentences: eventSentences(cell.trial) },
]

const isNoisy = ({ landscape, update }: Cell) => update.drift.length + trainingNoise(landscape).length > 0

function lossText(landscape: Cell['landscape']): string {
  if (landscape.kind === 'population')
    return `The loss L is the expected squared error of ${landscape.neurons} ReLU units that learn a known network.`
  const samples = landscape.data === null ? '' : `, averaged over ${countText(landscape.data.rows, 'sample')}`
  if (landscape.kind === 'formula')
    return `The loss is \`L(${landscape.variables?.join(', ') ?? 'x'}) = ${landscape.expression}\`${samples}.`
  const { loss, layers, activation, decay } = landscape
  const network = `a neural network with ${layers.join(', ')} units in its layers (${activation})`
  const error = loss === 'mse' ? 'mean squared error' : loss
  return `The loss L is the ${error} of ${network}${samples}${decay === 0 ? '' : `, plus ${decay} |theta|^2`}.`
}

function noiseSentences(cell: Cell): string[] {
  const { rule: _, eta: __, drift, ...more } = cell.update
  const size = countText(stepSamples(cell.landscape), 'sample')
  const noise = trainingNoise(cell.landscape).map((one) => (one === 'mini-batches' ? `${one} of ${size}` : one))
  return texts(
    drift.length > 0 && 'Each step adds drift, which is deliberate noise.',
    noise.length > 0 && `The gradient itself is noisy, because of ${noise.join(' and ')}.`,
    !isNoisy(cell) && 'No noise is added.',
    Object.keys(more).length > 0 && `Also: ${valueLabel(more)}.`,
  )
}

function eventSentences(trial: Cell['trial']): string[] {
  const { escape, converge, marks, classify, quench } = trial
  const listed = (all: typeof marks) =>
    all.map(([name, when]) => `${name === '' ? '' : `${name}: `}\`${when}\``).join('; ')
  const ends = trial.afterConverge === 'stop' ? ' and ends' : ''
  return texts(
    escape !== null && `A trial escapes at the first step at which ${escapeText(escape, listed)}.`,
    converge !== null && `A trial converges${ends} when ${convergeText(converge)}.`,
    marks.length > 0 && `A trial reaches a mark at the first step at which this holds: ${listed(marks)}.`,
    classify.length > 0 && `The last point belongs to the first class that fits: ${listed(classify)}.`,
    quench !== null && 'A descent without noise from the last point finds the minimum in which a trial settles.',
    `The horizon, the largest number of steps of a trial, is ${grouped(trial.steps)}.`,
  )
}

function escapeText(escape: NonNullable<Cell['trial']['escape']>, listed: (all: Cell['trial']['marks']) => string) {
  if (escape.kind === 'exits') return `this holds: ${listed(escape.exits)}`
  if (escape.kind === 'outside') return `it is at least ${escape.radius} away from ${valueLabel(escape.of)}`
  return 'a descent without noise no longer ends in the basin of its start'
}

function convergeText(converge: NonNullable<Cell['trial']['converge']>): string {
  if (converge.kind === 'when') return `this holds: \`${converge.when}\``
  if (converge.kind === 'gradient') return `|grad L| is at most ${converge.tolerance}`
  return `it is within ${converge.radius} of ${converge.of.map(([, point]) => valueLabel(point)).join(' or ')}`
}

/** More values would be hard to read. */
const maxListed = 4

function questionSentences({ cells, crossings = [] }: ReportedSweep['results']): string[] {
  const [crossing] = crossings
  const of = crossing?.estimate ?? estimateNames(cells).find((name) => !name.startsWith('diverge')) ?? 'escape'
  const { label, isShare } = quantityOf(of)
  const axes = sweptAxes(crossing === undefined ? cells : crossings).filter(({ places }) => places.length > 1)
  const swept = axes.map(({ title, isNumeric, places, textOf }) => {
    if (places.length <= maxListed) return `${title} (${places.map(textOf).join('; ')})`
    const range = isNumeric ? ` from ${textOf(places[0]!)} to ${textOf(places.at(-1)!)}` : ''
    return `${title} (${places.length} values${range})`
  })
  const event = { escape: 'escapes', converge: 'converges' }[of]
  const before = cells.some(({ estimates }) => estimates[of]?.event === 'escape before converging')
  const question =
    event === undefined
      ? `How large is ${isShare ? '' : 'the '}${label}?`
      : `How likely is it that a trial ${event}${before ? ' before it converges' : ''} within the horizon?`
  const cell = `Each ${swept.length === 1 ? '' : 'combination '}of these values is a cell with its own trials.`
  return [
    crossing === undefined ? question : `At which value of ${crossing.over} does ${label} cross ${crossing.equals}?`,
    ...(swept.length === 0 ? [] : [`How does this depend on ${swept.join(' and ')}?`, cell]),
  ]
}
