import { execFileSync } from 'node:child_process'
import { prepare } from '@driftfarm/kernel'
import { compilerFlags, nativeSource } from '@driftfarm/kernel/native'
import { type Cell, dataBytes, type Tables, widened } from '@driftfarm/spec'
import { isMissing, programPath } from '@driftfarm/testing/program'
import { gallery } from '../../../packages/kernel/src/agreement/gallery.fixture.ts'
import { practice } from '../../../packages/kernel/src/agreement/practice.fixture.ts'
import { type Target, targets } from '../../../packages/kernel/src/native/library.fixture.ts'
import { presets } from '../../../packages/spec/src/presets/presets.ts'
import { doubleWell } from './cells.ts'
import { presetCell } from './compiling.ts'
import { kernelContestant, kernelOf } from './kernels.ts'
import { type Contestant, interleaved, type Measured, printRatios, printTable } from './measure.ts'
import { networkCell } from './networks.ts'
import { noAvx512, Programs } from './programs.ts'

type Goals = Readonly<Record<Target['vectors'], number>>

interface Row {
  readonly name: string
  /** WebAssembly, native lanes of each width, and perhaps NumPy programs. */
  readonly measured: readonly Measured[]
  readonly goals?: Goals
}

const titles = { avx512: 'AVX-512', avx2: 'AVX2' } as const
/** The vectors of this machine, the widest first. */
const widths = [...new Set(targets.map(({ vectors }) => vectors))]
const compiler = isMissing('clang') ? 'gcc' : 'clang'

/** Native lanes beside WebAssembly, C by hand and NumPy, on one thread. */
export async function benchNative(): Promise<void> {
  if (widths.length === 0 || isMissing(compiler))
    return console.log('native is left out: it needs clang or gcc, and Linux on a processor with AVX2')
  const firstLine = (program: string, ...options: string[]) =>
    execFileSync(program, options, { encoding: 'utf8' }).split('\n')[0]
  console.log(`Native lanes and C by hand: ${firstLine(programPath(compiler), '--version')}`)
  if (!isMissing('numpy')) console.log(`NumPy ${firstLine('python3', '-c', 'import numpy; print(numpy.__version__)')}`)
  if (!widths.includes('avx512')) console.log('The processor has no AVX-512: its rows and columns are left out')
  const programs = new Programs(programPath(compiler))
  try {
    for (const part of [againstHand, onLandscapes, onNetworks, onLosses, onShortTrials]) await part(programs)
  } finally {
    programs.close()
  }
}

/** The kernel of a cell in WebAssembly, and in native lanes of each width. */
async function engines(programs: Programs, cell: Cell, trials: number, tables: Tables = []): Promise<Contestant[]> {
  const prepared = prepare(cell, tables, [], { native: true })
  const source = await nativeSource(prepared)
  if ('refusal' in source) throw new Error(`native lanes are refused: ${source.refusal}`)
  const contestants = [await kernelContestant('WebAssembly', cell, trials, prepare(cell, tables))]
  for (const width of widths) {
    const advance = programs.library(source.c, compilerFlags(compiler, width))
    contestants.push(await kernelContestant(`native, ${titles[width]}`, cell, trials, prepared, advance))
  }
  return contestants
}

async function againstHand(programs: Programs): Promise<void> {
  const goals: Goals = { avx512: 1.15, avx2: 1.2 }
  const [trials, steps] = [4000, 1000]
  // The kernel promises the roundings of single operations; fused ones are faster.
  const kinds = { 'the same roundings': 'off', 'fused operations': 'fast' } as const
  const hand = (width: Target['vectors'], kind: string) => `C by hand, ${titles[width]}, ${kind}`
  const byHand = widths.flatMap((width) =>
    Object.entries(kinds).flatMap(([kind, contract]) =>
      [1, 2, 4].flatMap((VECTORS) =>
        // Clang rejects vectors.c if -mno-avx512f takes AVX-512 from a processor that has it.
        programs.c(`${hand(width, kind)}, ${VECTORS} side by side`, 'vectors.c', { LAYERS: 1024, VECTORS }, [
          `-march=${width === 'avx2' ? 'haswell' : 'native'}`,
          `-ffp-contract=${contract}`,
        ])((round) => [trials, steps, 0.1, 1, 1 + round * trials * 4]),
      ),
    ),
  )
  const measured = await interleaved([...(await engines(programs, doubleWell(steps), trials)), ...byHand], 11)
  for (const [index, width] of widths.entries()) {
    const [same, fused] = Object.keys(kinds).map(
      (kind) => fastest(measured.filter(({ name }) => name.startsWith(hand(width, kind))))!,
    )
    printRatios(
      `Double well, Gaussian drift, 1,000 steps, escape x >= 0, 4,000 trials, ${titles[width]}`,
      [measured[1 + index]!, measured[0]!, same!, fused!],
      'step',
      { [same!.name]: goals[width] },
    )
  }
}

/** Presets near a minimum, and cells of the gallery without networks whose trials are long. */
async function onLandscapes(programs: Programs): Promise<void> {
  const goals: Goals = { avx512: 1.8, avx2: 1.35 }
  const trials = 400
  const row = async (name: string, cell: Cell, tables: Tables = []): Promise<Row> => ({
    name,
    measured: await interleaved(await engines(programs, cell, trials, tables), 7),
  })
  const near: Row[] = []
  for (const { name } of presets) {
    const { update, ...cell } = presetCell(name)
    near.push(await row(name, { ...cell, update: { ...update, eta: { kind: 'constant', value: 1e-4 } } }))
  }
  printGains('Presets, 1,000 steps near a minimum: ns per step', near, goals)
  const long: Row[] = []
  const cells = Object.entries(gallery).map(([name, cell]) => [name, { cell, tables: [] as Tables }] as const)
  for (const [name, given] of [...cells, ...Object.entries(practice)]) {
    const cell = { ...given.cell, trial: { ...given.cell.trial, steps: 1000 } }
    if (cell.landscape.kind !== 'formula') continue
    const kernel = await kernelOf(prepare(cell, given.tables))
    const { tally } = kernel.run(0, trials, { keep: false, horizons: [] })
    if (Number(tally.steps) >= 400 * trials) long.push(await row(name, cell, given.tables))
  }
  printGains('Cells of the gallery with 1,000 steps, if trials have 400 on average: ns per step', long, goals)
}

async function onNetworks(programs: Programs): Promise<void> {
  const rows: Row[] = []
  for (const [layers, samples, trials, side] of [
    [[2, 4, 1], 4, 1000, 1000],
    [[8, 16, 1], 256, 40, 20],
  ] as const) {
    const { cell, data } = networkCell(layers, samples, null)
    const file = programs.file(layers.join('-'), dataBytes(widened(data)))
    const numpy = ['matmul', 'einsum'].flatMap((layout) =>
      numpys(programs, `${side} trials, ${layout}`, 'network.py', [layout, layers[0], layers[1], samples])((round) => {
        return [side, cell.trial.steps, 0.1, 1, round, file]
      }),
    )
    const measured = await interleaved([...(await engines(programs, cell, trials, [data])), ...numpy], 9)
    rows.push({ name: layers.join('-'), measured, goals: { avx512: 0.2, avx2: 0.25 } })
  }
  for (const [layers, samples, size, steps, goals] of [
    [[64, 64, 10], 1_797, 32, 100, { avx512: 0.4, avx2: 0.5 }],
    [[64, 128, 10], 1_797, 64, 60, { avx512: 0.55, avx2: 0.7 }],
    [[784, 100, 10], 10_000, 64, 32, { avx512: 0.65, avx2: 0.85 }],
  ] as const) {
    const { of, data, numpy } = digitsCell(programs, layers, samples, size)
    // The end of a trial computes a loss over all samples, which takes as long as many steps.
    const few = 4
    const own = beyond(
      [await engines(programs, of(few + steps), 8, [data]), few + steps],
      [await engines(programs, of(few), 8, [data]), few],
    )
    const others = [1, 4, 10].flatMap((side) => numpy('steps', side, [size, 20, steps]))
    const name = `${layers.join('-')}, batches of ${size}`
    rows.push({ name, measured: await interleaved([...own, ...others], 5), goals })
  }
  printShares('Networks, tanh, Gaussian drift: us per step', rows)
}

async function onLosses(programs: Programs): Promise<void> {
  const rows: Row[] = []
  for (const [layers, samples, steps, times, rounds] of [
    [[64, 32, 10], 1_797, 10, 200, 7],
    [[784, 100, 10], 10_000, 2, 10, 3],
  ] as const) {
    const { of, data, numpy } = digitsCell(programs, layers, samples, 1)
    const marked = (steps: number): Cell => {
      const { update, trial, ...cell } = of(steps)
      // `loss <= 1` may be decided before all samples are read, but this condition needs all.
      return { ...cell, update: { ...update, drift: [] }, trial: { ...trial, marks: [['high', 'loss > 1e6']] } }
    }
    // The end of a trial computes losses too.
    const own = beyond(
      [await engines(programs, marked(1 + steps), 8, [data]), 1 + steps],
      [await engines(programs, marked(1), 8, [data]), 1],
    )
    const measured = await interleaved([...own, ...numpy('losses', 1, [1, 1, times])], rounds)
    rows.push({ name: `${layers.join('-')}, ${samples} samples`, measured, goals: { avx512: 1, avx2: 1.3 } })
  }
  printShares('Loss over all samples, for a mark: us per loss and step of one sample', rows)
}

async function onShortTrials(programs: Programs): Promise<void> {
  const rows: Row[] = []
  for (const steps of [20, 50]) {
    const contestants = await engines(programs, doubleWell(steps), 1_000_000 / steps)
    rows.push({ name: `${steps} steps`, measured: await interleaved(contestants, 11) })
  }
  printGains('Double well, short trials: ns per step (a worker keeps native lanes only if they are faster)', rows)
}

/** NumPy with the vectors of each width. */
function numpys(programs: Programs, name: string, script: string, first: readonly (string | number)[]) {
  return (parameters: (round: number) => readonly (string | number)[]): Contestant[] =>
    widths.flatMap((width) =>
      programs.numpy(`${titles[width]}: ${name}`, script, first, width === 'avx2' ? noAvx512 : {})(parameters),
    )
}

/** A network with a start and a scale of noise for learning, as in `bench digits`, and NumPy programs for it. */
function digitsCell(programs: Programs, layers: readonly number[], samples: number, size: number) {
  const { cell, data } = networkCell(layers, samples, { size, sampling: 'replacement' })
  const drift = cell.update.drift.map((entry) => ({ ...entry, amount: { kind: 'constant', value: 0.02 } as const }))
  const [update, start] = [{ ...cell.update, drift }, { kind: 'init', law: 'xavier' } as const]
  const of = (steps: number) => ({ ...cell, start, update, trial: { ...cell.trial, steps } }) as Cell
  const file = programs.file(layers.join('-'), dataBytes(widened(data)))
  const numpy = (what: 'steps' | 'losses', side: number, counts: readonly number[]) =>
    numpys(programs, side === 1 ? '1 trial' : `${side} trials`, 'batches.py', [
      what,
      side,
      ...layers,
      samples,
      ...counts,
    ])((round) => [0.1, 0.02, round, file])
  return { of, data, numpy }
}

type Counted = readonly [contestants: readonly Contestant[], steps: number]

/** Time per step of what trials of `many` steps do beyond those of `few`. */
function beyond([more, many]: Counted, [less, few]: Counted): Contestant[] {
  return more.map(({ name, time }, i) => ({
    name,
    time: async (round) => (many * (await time(round)) - few * (await less[i]!.time(round))) / (many - few),
  }))
}

const fastest = (measured: readonly Measured[]) => [...measured].sort((a, b) => a.median - b.median)[0]
const short = (value: number) => String(Number(value.toPrecision(3)))
const headings = (of: (title: string) => string) => widths.map((width) => of(titles[width]))
const native = ({ measured }: Row) => measured.slice(1, 1 + widths.length)
const met = (value: number, isMet: boolean, goal: string) => `${value.toFixed(2)}, ${goal}: ${isMet ? 'met' : 'missed'}`

function printGains(title: string, rows: readonly Row[], goals?: Goals): void {
  const gains = rows.map((row) => native(row).map(({ median }) => row.measured[0]!.median / median))
  const medians = widths.map((width, index) => {
    const sorted = gains.map((gain) => gain[index]!).sort((a, b) => a - b)
    const median = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
    return goals === undefined ? '' : met(median, median >= goals[width], `>= ${goals[width]}`)
  })
  printTable(
    title,
    ['', 'WebAssembly', ...headings((width) => `native, ${width}`), ...headings((width) => `WebAssembly / ${width}`)],
    [
      ...rows.map(({ name, measured }, i) => [
        name,
        ...measured.map(({ median }) => short(median)),
        ...gains[i]!.map((gain) => gain.toFixed(2)),
      ]),
      ...(goals === undefined ? [] : [['median', '', ...widths.map(() => ''), ...medians]]),
    ],
  )
}

/** Against the fastest of the NumPy programs of the same width. */
function printShares(title: string, rows: readonly Row[]): void {
  const numpy = ({ measured }: Row, width: Target['vectors']) =>
    fastest(measured.filter(({ name }) => name.startsWith(`${titles[width]}: `)))
  printTable(
    title,
    [
      ...['', 'WebAssembly', ...headings((width) => `native, ${width}`), ...headings((width) => `NumPy, ${width}`)],
      ...['NumPy program', ...headings((width) => `native / NumPy, ${width}`)],
    ],
    rows.map((row) => {
      const others = widths.map((width) => numpy(row, width))
      const shares = native(row).map(({ median }, i) => {
        if (others[i] === undefined) return ''
        const [share, goal] = [median / others[i].median, row.goals![widths[i]!]]
        return met(share, share <= goal, `<= ${goal}`)
      })
      const us = [row.measured[0], ...native(row), ...others].map((each) => (each ? short(each.median / 1e3) : ''))
      return [row.name, ...us, others[0]?.name.replace(/^.*: /, '') ?? '', ...shares]
    }),
  )
}
