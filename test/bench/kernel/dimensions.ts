import { quadratic } from './cells.ts'
import { kernelContestant } from './kernels.ts'
import { digits, interleaved, printTable } from './measure.ts'

const dimensions = [1, 2, 4, 8, 10, 100, 1_000, 10_000]

/** A step costs in proportion to the coordinates it moves: the last column stays level. */
export async function benchDimensions(): Promise<void> {
  const measured = await interleaved(
    await Promise.all(
      dimensions.map((dimension) =>
        kernelContestant('', quadratic(dimension, 100), Math.max(8, Math.ceil(20_000 / dimension))),
      ),
    ),
    9,
  )
  printTable(
    'Quadratic, Gaussian drift, 100 steps, escape from a ball',
    ['dimension', 'ns per step', 'ns per step and coordinate'],
    measured.map(({ median }, i) => [String(dimensions[i]), digits(median), digits(median / dimensions[i]!)]),
  )
}
