import { compile, Kernel, prepare } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { doubleWell, quadratic } from './cells.ts'
import { compareNormals } from './normals.ts'
import { findRivals } from './rivals.ts'

/** Goal: at most this part of the time of the scalar C program. */
const goal = 0.75
const rounds = 11

export async function benchKernel(): Promise<void> {
  await compileTimes()
  const rivals = findRivals()
  for (const [title, cell, trials] of [
    ['1,000 steps, escape x >= 0', doubleWell(1000), 4000],
    ['20 steps, tally and digest included', doubleWell(20), 100_000],
  ] as const) {
    const kernel = await kernelOf(cell)
    // Alternating rounds: what else the machine does meets all alike.
    const times = [[], ...rivals.map(() => [])] as number[][]
    for (let round = 0; round < rounds; round++) {
      times[0]!.push(timePerStep(kernel, trials, round))
      for (const [index, rival] of rivals.entries()) {
        times[index + 1]!.push(rival.nanosecondsPerStep(trials, cell.trial.steps, round))
      }
    }
    const [own, ...others] = times.map(median)
    console.log(`\ndouble well, Gaussian drift, ${title}`)
    print('kernel', own!)
    rivals.forEach(({ name }, index) => {
      const verdict = index === 0 && cell.trial.steps === 1000 ? ` (goal <= ${goal})` : ''
      print(name, others[index]!, `kernel / this = ${(own! / others[index]!).toFixed(2)}${verdict}`)
    })
  }
  console.log('\nper coordinate and step')
  for (const dimension of [2, 3, 10, 100, 1000]) {
    const kernel = await kernelOf(quadratic(dimension, 100))
    const time = median(
      Array.from({ length: 5 }, (_, round) => timePerStep(kernel, Math.ceil(20_000 / dimension), round)),
    )
    print(`quadratic, dimension ${dimension}`, time / dimension)
  }
  await compareNormals()
}

async function compileTimes(): Promise<void> {
  const time = async (cell: Cell) => {
    const begin = performance.now()
    const { source } = prepare(cell)
    await compile(source)
    return performance.now() - begin
  }
  const cold = await time(doubleWell(1000))
  const warm: number[] = []
  for (const dimension of [2, 3, 4, 5, 6]) warm.push(await time(quadratic(dimension, 100)))
  console.log(`compile a module: first ${cold.toFixed(0)} ms, then ${median(warm).toFixed(0)} ms (goal < 300)`)
}

async function kernelOf(cell: Cell): Promise<Kernel> {
  const prepared = prepare(cell)
  const kernel = Kernel.create(new WebAssembly.Module((await compile(prepared.source)) as BufferSource), prepared)
  // Until the optimising compiler of the engine is done.
  const begin = performance.now()
  while (performance.now() - begin < 300) kernel.run(0, 1000, { keep: false, horizons: [] })
  return kernel
}

function timePerStep(kernel: Kernel, trials: number, round: number): number {
  const begin = performance.now()
  const { tally } = kernel.run(round * trials, trials, { keep: false, horizons: [] })
  return ((performance.now() - begin) * 1e6) / Number(tally.steps)
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}

function print(name: string, nanoseconds: number, note = ''): void {
  console.log(`  ${name.padEnd(44)} ${nanoseconds.toFixed(2).padStart(7)} ns a step  ${note}`)
}
