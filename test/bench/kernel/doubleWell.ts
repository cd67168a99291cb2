import { doubleWell } from './cells.ts'
import { kernelContestant } from './kernels.ts'
import { loopContestant } from './loops.ts'
import { interleaved, printRatios } from './measure.ts'
import { Programs } from './programs.ts'

const scalar = 'C, one trial at a time'

/** The chain that decides how fast the farm is, against the same chain in other hands. */
export async function benchDoubleWell(): Promise<void> {
  const programs = new Programs()
  try {
    const given = (trials: number, steps: number) => (round: number) => [trials, steps, 0.1, 1, 1 + round * trials * 4]
    const long = given(4000, 1000)
    const layers = { LAYERS: 1024 }
    const vectors = (name: string, macros: Record<string, number>, ...flags: string[]) =>
      programs.c(name, 'vectors.c', { ...layers, ...macros }, flags)(long)
    printRatios(
      'Double well, Gaussian drift, 1,000 steps, escape x >= 0, 4,000 trials',
      await interleaved(
        [
          await kernelContestant('kernel', doubleWell(1000), 4000),
          ...programs.c(scalar, 'doubleWell.c', { ...layers, LANES: 1 })(long),
          ...programs.c('C, one trial at a time, 256 layers', 'doubleWell.c', { LAYERS: 256, LANES: 1 })(long),
          await loopContestant(
            'WebAssembly, no events, no refill, no tally',
            { kind: 'ziggurat', layers: 1024, look: 'pairs', branch: 'each' },
            'double well',
            4,
          ),
          ...[2, 4, 8].flatMap((LANES) =>
            programs.c(`C, ${LANES} trials interleaved`, 'doubleWell.c', { ...layers, LANES })(long),
          ),
          ...vectors('C by hand, AVX2, ziggurat', { VECTORS: 4 }, '-mno-avx512f'),
          ...vectors('C by hand, widest vectors, ziggurat', { VECTORS: 1 }),
          ...vectors('C by hand, widest vectors, Box-Muller', { VECTORS: 2, BOX_MULLER: 1 }),
          ...programs.numpy('NumPy, 1,000 trials side by side', 'doubleWell.py')(long),
        ],
        15,
      ),
      'step',
      { [scalar]: 0.7 },
    )
    const short = given(50_000, 20)
    printRatios(
      'Double well with 20 steps and 50,000 trials, which shows the cost of ending a trial ' +
        '(tally, digest, new streams)',
      await interleaved(
        [
          await kernelContestant('kernel', doubleWell(20), 50_000),
          ...programs.c(scalar, 'doubleWell.c', { ...layers, LANES: 1 })(short),
          ...programs.numpy('NumPy, 1,000 trials side by side', 'doubleWell.py')(short),
        ],
        9,
      ),
      'step',
      {},
    )
  } finally {
    programs.close()
  }
}
