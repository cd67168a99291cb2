import { compile, Kernel, type NativeAdvance, type PreparedCell, prepare } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { type Contestant, nanosecondsPer } from './measure.ts'

/** `native` takes the steps of a cell that was prepared for it. */
export async function kernelOf(prepared: PreparedCell, native?: NativeAdvance): Promise<Kernel> {
  return Kernel.create(new WebAssembly.Module((await compile(prepared.source)) as BufferSource), prepared, native)
}

/** Runs until the optimising compiler of the engine is done: a time, and at least three runs. */
export function warm(run: () => void): void {
  const begin = performance.now()
  for (let runs = 0; runs < 3 || performance.now() - begin < 300; runs++) run()
}

/** Trials of a cell with tally and digest, no records: nanoseconds a step. */
export async function kernelContestant(
  name: string,
  cell: Cell,
  trials: number,
  prepared: PreparedCell = prepare(cell),
  native?: NativeAdvance,
): Promise<Contestant> {
  const kernel = await kernelOf(prepared, native)
  const run = (first: number) => kernel.run(first, trials, { keep: false, horizons: [] }).tally.steps
  warm(() => run(0))
  return {
    name,
    time(round) {
      let steps = 0n
      const time = nanosecondsPer(1, () => {
        steps = run(round * trials)
      })
      return time / Number(steps)
    },
  }
}
