import { type Generator, loopContestant } from './loops.ts'
import { digits, interleaved, printTable } from './measure.ts'

type Ziggurat = Extract<Generator, { kind: 'ziggurat' }>
const ziggurat = (
  layers: Ziggurat['layers'],
  look: Ziggurat['look'] = 'pairs',
  branch: Ziggurat['branch'] = 'each',
): Generator => ({ kind: 'ziggurat', layers, look, branch })

const candidates: readonly (readonly [string, Generator])[] = [
  ['ziggurat, 1,024 layers (the kernel’s)', ziggurat(1024)],
  ['ziggurat, 512 layers', ziggurat(512)],
  ['ziggurat, 256 layers', ziggurat(256)],
  ['1,024 layers, tables read lane by lane', ziggurat(1024, 'lanes')],
  ['1,024 layers, one branch for all vectors', ziggurat(1024, 'pairs', 'all')],
  ['Box-Muller', { kind: 'box-muller' }],
]
const vectors = [1, 2, 3, 4, 6, 8]

/** The candidates of docs/decisions/0020-normal-generator.md, all on the same xoshiro256++. */
export async function benchNormals(): Promise<void> {
  for (const [use, title] of [
    ['sum', 'Normal numbers alone, by the number of two-lane vectors side by side: ns per number'],
    ['double well', 'Normal numbers in the loop of the double well, without events: ns per step'],
  ] as const) {
    const contestants = await Promise.all(
      candidates.flatMap(([name, generator]) => vectors.map((v) => loopContestant(name, generator, use, v))),
    )
    const measured = await interleaved(contestants, 11)
    printTable(
      title,
      ['', ...vectors.map(String)],
      candidates.map(([name], row) => [
        name,
        ...vectors.map((_, column) => digits(measured[row * vectors.length + column]!.median)),
      ]),
    )
  }
}
