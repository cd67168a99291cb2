import { type PreparedCell, prepare } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { numbersBy } from '../../../packages/kernel/src/emit/numbers.ts'
import { valuedOf } from '../../../packages/kernel/src/emit/readings.ts'
import { emit } from '../../../packages/kernel/src/emit/source.ts'
import { modelOf } from '../../../packages/kernel/src/model/model.ts'
import { doubleWell, quadratic } from './cells.ts'
import { kernelContestant } from './kernels.ts'
import { digits, interleaved, printTable } from './measure.ts'

const vectors = [1, 2, 3, 4, 6, 8]
const slices = [1 / 64, 1 / 8, 1, 8]

/** How many pairs of lanes run side by side, and how many steps a call takes: what the kernel's choices rest on. */
export async function benchUnrolling(): Promise<void> {
  const rows: string[][] = []
  for (const dimension of [1, 2, 3, 4, 6, 8]) {
    const cell = dimension === 1 ? doubleWell(1000) : quadratic(dimension, 1000)
    const chosen = prepare(cell).vectors
    const measured = await interleaved(
      await Promise.all(
        vectors.map((v) => kernelContestant('', cell, Math.ceil(2000 / dimension), withVectors(cell, v))),
      ),
      9,
    )
    const times = measured.map(({ median }, i) => digits(median / dimension) + (vectors[i] === chosen ? ' *' : ''))
    rows.push([dimension === 1 ? 'double well' : `quadratic, dimension ${dimension}`, ...times])
  }
  printTable(
    'Vectors of two lanes side by side: ns per step and coordinate (* the kernel’s choice)',
    ['', ...vectors.map(String)],
    rows,
  )
  const cell = doubleWell(1000)
  const prepared = prepare(cell)
  const sliced = slices.map((part) => ({ ...prepared, slice: Math.max(1, Math.round(prepared.slice * part)) }))
  const measured = await interleaved(await Promise.all(sliced.map((own) => kernelContestant('', cell, 2000, own))), 9)
  printTable(
    'Steps of all lanes between two checks of the stop flag, double well: ns per step',
    ['steps', 'ns per step'],
    measured.map(({ median }, i) => [`${sliced[i]!.slice}${slices[i] === 1 ? ' *' : ''}`, digits(median)]),
  )
}

function withVectors(cell: Cell, wanted: number): PreparedCell {
  const { source, readings, places, vectors } = emit(modelOf(cell), wanted)
  return { ...prepare(cell), source, numbers: numbersBy(readings, valuedOf(cell)), places, vectors }
}
