import { prepare } from '@driftfarm/kernel'
import { type Cell, type DataTable, dataBytes, dataTable, widened } from '@driftfarm/spec'
import { doubleWell } from './cells.ts'
import { kernelContestant } from './kernels.ts'
import { interleaved, printRatios } from './measure.ts'
import { Programs } from './programs.ts'

type Network = Extract<Cell['landscape'], { kind: 'network' }>

/** A cell on a network and its data: xor for two inputs, else inputs and a smooth target in [-1, 1]. */
export function networkCell(
  layers: readonly number[],
  samples: number,
  batch: { readonly size: number; readonly sampling?: 'replacement' } | null,
): { cell: Cell; data: DataTable } {
  const [inputs, outputs] = [layers[0]!, layers.at(-1)!]
  const data = inputs === 2 ? xor() : smooth(inputs, outputs, samples)
  const softmax = outputs > 1
  const landscape: Network = {
    kind: 'network',
    dimension: layers.slice(1).reduce((sum, width, i) => sum + width * (layers[i]! + 1), 0),
    variables: null,
    parameters: [],
    layers,
    activation: 'tanh',
    output: softmax ? 'softmax' : 'identity',
    loss: softmax ? 'cross-entropy' : 'mse',
    biases: true,
    decay: 0,
    decayBias: false,
    data: { hash: data.hash, rows: data.rows },
    batch: batch === null ? null : { sampling: 'shuffle', ...batch },
  }
  const cell = doubleWell(100)
  return {
    data,
    cell: {
      ...cell,
      landscape,
      // Somewhere; the drift soon carries it off.
      start: { kind: 'point', point: weyl(landscape.dimension) },
      trial: { ...cell.trial, escape: null, minima: [] },
    },
  }
}

function xor(): DataTable {
  return dataTable(4, 3, [0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0])
}

/** With several outputs the target is one of them; values by Weyl's sequence, so they need no generator. */
function smooth(inputs: number, outputs: number, samples: number): DataTable {
  const rows = Array.from({ length: samples }, (_, sample) => {
    const x = weyl(inputs, sample * inputs)
    const mean = x.reduce((sum, value) => sum + value, 0) / Math.sqrt(inputs)
    const targets =
      outputs === 1
        ? [Math.sin(3 * mean)]
        : Array.from({ length: outputs }, (_, output) => (sample % outputs === output ? 1 : 0))
    return [...x, ...targets]
  })
  return dataTable(samples, inputs + outputs, rows.flat())
}

/** Numbers in [-1, 1), spread evenly. */
function weyl(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, i) => 2 * ((((first + i) * Math.SQRT2) % 1) - 0.5))
}

const scalar = 'C, libm tanh, one trial at a time'
const numpy = (layout: string) => `NumPy, 1,000 trials side by side, ${layout}`
const goals = { [scalar]: 0.5, [numpy('trials first')]: 0.35, [numpy('trials last')]: 0.35 }

/** Gradient descent with Gaussian drift on small tanh networks, full batch. */
export async function benchNetworks(): Promise<void> {
  const programs = new Programs()
  try {
    for (const [layers, samples, trials] of [
      [[2, 4, 1], 4, 1000],
      [[8, 16, 1], 256, 8],
    ] as const) {
      const { cell, data } = networkCell(layers, samples, null)
      const [INPUTS, HIDDEN] = layers
      const file = programs.file(layers.join('-'), dataBytes(widened(data)))
      const { steps } = cell.trial
      const given = (wanted: number, horizon: number) => (round: number) => [
        wanted,
        horizon,
        0.1,
        1,
        1 + round * wanted * 4,
        file,
      ]
      const sizes = [INPUTS, HIDDEN, data.rows]
      // Of NumPy a block of 1,000 trials is the least; on the larger network a few steps of it are enough.
      const few = given(1000, Math.ceil((steps * 4) / data.rows) + 1)
      printRatios(
        `Network ${layers.join('-')}, tanh, ${data.rows} samples, full batch, Gaussian drift`,
        await interleaved(
          [
            await kernelContestant('kernel', cell, trials, prepare(cell, [data])),
            ...programs.c(scalar, 'network.c', { INPUTS, HIDDEN, SAMPLES: data.rows })(given(trials, steps)),
            ...programs.numpy(numpy('trials first'), 'network.py', ['matmul', ...sizes])(few),
            ...programs.numpy(numpy('trials last'), 'network.py', ['einsum', ...sizes])(few),
          ],
          11,
        ),
        'step',
        goals,
      )
    }
  } finally {
    programs.close()
  }
}
