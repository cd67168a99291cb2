import { parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { results } from '../fixtures/results.ts'
import { experimentOf } from './experiment.ts'
import type { ReportedSweep } from './gathered.ts'

/** The parts of a report about these cells of a spec, by their titles. */
function parts(spec: string, indices: readonly number[], cells = results.cells) {
  const sweep = parseSweep(`version: 1\nname: a\ntrials: 1\n${spec}`, { fileName: 'a' })
  const samples = indices.map((index) => ({ cell: { index }, resolved: sweep.cell(index).cell }))
  const all = experimentOf({ results: { ...results, cells }, samples } as unknown as ReportedSweep)
  return Object.fromEntries(all.map(({ title, formulas = [], sentences }) => [title, [...formulas, ...sentences]]))
}

test('a stranger reads loss, update, event, settings and question', () => {
  const spec = `
landscape: { preset: double-well }
start: [-1]
update: { eta: 0.1, clip: 1, drift: { law: gaussian, temperature: 0.1 } }
trial: { steps: 2000, escape: 'x >= 0', converge: { within: 0.1, of: [1], hold: 1 } }
sweep: { update.eta: [0.1, 0.2] }`
  const cells = results.cells.map((cell) => {
    const escape = { ...cell.estimates.escape!, event: 'escape before converging' as const }
    return { ...cell, params: { 'update.eta': cell.params['update.eta'] }, estimates: { escape } }
  })
  expect(parts(spec, [0, 1], cells)).toEqual({
    Loss: ['The loss is `L(x) = (x^2 - 1)^2/4`.'],
    Update: [
      'g: gradient of the loss L at theta',
      "g' = g",
      "theta' = theta - eta*g'",
      "theta' = theta' + sqrt(2 eta temperature) xi",
      'xi: gaussian, standard deviation 1',
      'Each step adds drift, which is deliberate noise.',
      'Also: clip 1.',
    ],
    Event: [
      'A trial escapes at the first step at which this holds: `x >= 0`.',
      'A trial converges and ends when it is within 0.1 of (1).',
      'The horizon, the largest number of steps of a trial, is 2,000.',
    ],
    Settings: ['start (-1); step size eta varied; rule gradient; drift gaussian additive; temperature 0.1.'],
    Question: [
      'How likely is it that a trial escapes before it converges within the horizon?',
      'How does this depend on eta (0.05; 0.1; 0.2)?',
      'Each of these values is a cell with its own trials.',
    ],
  })
})

const network = `
landscape:
  network: { layers: [1, 2, 1], data: { inputs: [[0], [1], [2]], targets: [[0], [1], [0]] }, batch: 2 }
start: { init: xavier }
update: { eta: 0.1 }
trial: { steps: 9, marks: { fits: 'loss <= 0.1' } }
`

test('parts in which cells differ say which cell they describe, and a cell with noise is preferred', () => {
  const { Update, Settings } = parts(`${network}sweep: { update.drift: [none, { sigma: 1 }] }`, [0, 1])
  expect(Update!.slice(-2)).toEqual([
    'The gradient itself is noisy, because of mini-batches of 2 samples.',
    'Shown is cell 0; other cells differ.',
  ])
  expect(Settings).toEqual(['start init; step size eta 0.1; rule gradient; drift varied.'])
})

test('the question names the estimate of the sweep', () => {
  const cells = results.cells.map((cell) => ({ ...cell, estimates: { 'mark:fits': cell.estimates.escape! } }))
  const { Loss, Event, Question } = parts(network, [0], cells)
  expect(Loss).toEqual([
    'The loss L is the mean squared error of a neural network with 1, 2, 1 units in its layers (tanh), averaged over ' +
      '3 samples.',
  ])
  expect(Event![0]).toBe('A trial reaches a mark at the first step at which this holds: fits: `loss <= 0.1`.')
  expect(Question![0]).toBe('How large is P(mark fits)?')
})

test('without a sample, nothing is described', () => {
  expect(parts(network, [])).toEqual({})
})
