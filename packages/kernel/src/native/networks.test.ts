import { describe, it } from 'vitest'
import { cellOf, constant, drift, exits } from '../agreement/cells.fixture.ts'
import {
  activationNames,
  batches,
  endings,
  network,
  population,
  randomSamples,
  randomStart,
} from '../agreement/networks.fixture.ts'
import { practice } from '../agreement/practice.fixture.ts'
import { agree } from './agreement.fixture.ts'
import { compiles } from './library.fixture.ts'

/** Each activation, and each ending with each way to draw batches. */
const cells = activationNames.map((activation, i) => {
  const [output, loss] = endings[i % endings.length]!
  const layers = [
    [3, 9, 4],
    [2, 3, 2],
    [4, 7, 5, 3],
  ][i % 3]!
  const rows = [37, 8, 90][i % 3]!
  const data = randomSamples(rows, layers[0]!, layers.at(-1)!, i)
  const landscape = network(layers, data, { activation, output, loss, biases: i !== 3, batch: batches(6)[i % 3]! })
  const cell = cellOf({
    landscape,
    start: randomStart(landscape.dimension, 1.5, i),
    update: {
      eta: constant(0.2),
      drift: [drift('gaussian', 'sigma', 0.1)],
      ...(i % 2 === 1 && { rule: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } }),
    },
    trial: { steps: 12, marks: [['low', 'loss < 0.2']], escape: exits(['', 'accuracy < 0.1 || gradnorm < 0.05']) },
  })
  return [`${layers.join('-')} ${activation} ${output} ${loss}`, cell, data] as const
})

describe('native libraries and WebAssembly give the same bits', compiles, () => {
  it.concurrent.each(Object.keys(practice).filter((name) => !name.startsWith('trained')))('%s', (name) =>
    agree(practice[name]!.cell, practice[name]!.tables, { first: 7, name }),
  )

  it.concurrent.each(cells)('%s', (_, cell, data) => agree(cell, [data]))

  it('a population', () =>
    agree(
      cellOf({
        landscape: population(3, 2, 4),
        start: randomStart(12, 1.5, 1),
        update: { drift: [drift('gaussian', 'sigma', 0.1)] },
        trial: { steps: 12 },
      }),
    ))
})
