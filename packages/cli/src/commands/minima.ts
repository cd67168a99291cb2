import { documents, type MinimaCell, maxPrinted, minimaCell, minimaYaml } from '@driftfarm/report'
import {
  type Cell,
  canonicalJson,
  type ResolvedCell,
  type Sweep,
  withLandscape,
  withoutTrainingNoise,
} from '@driftfarm/spec'
import { findMinima } from '@driftfarm/theory'
import { command } from '../command.ts'
import { usageError } from '../failure.ts'
import { type OptionsOf, text } from '../options/option.ts'
import { cellIndex, positive, wholeNumber } from '../options/parse.ts'
import { output, progress, set } from '../options/shared.ts'
import { note, printData, writeAll } from '../output.ts'
import { progressOf } from '../progress.ts'
import { cellAt, readSweep } from '../specFile.ts'

const options = {
  set,
  trials: wholeNumber('descents per cell (default: 1000; 1 if the start is a point)'),
  cell: cellIndex('use only this cell (default: one cell for each combination of landscape, start and step size)'),
  seed: text('<n>', 'seed of the starts (default: the seed of the spec)'),
  eta: positive(
    '<x>',
    'step size of the descents (default: the step size of the quench; without a quench, eta at step 0)',
  ),
  steps: wholeNumber('maximum number of steps of a descent (default: 100000)'),
  gradient: positive('<x>', 'gradient norm at which a descent ends and Newton’s method takes over (default: 1e-6)'),
  output: { ...output, help: 'write the minima to a file as YAML' },
  progress,
}
type MinimaOptions = OptionsOf<typeof options>

export const minima = command('minima <spec>', {
  summary: 'find minima by noise-free descent from the starts of a spec, and print them ready to paste into the spec',
  options,
  examples: ['minima examples/xor.yaml', 'minima examples/xor.yaml --cell 0 -o minima.yaml'],
  kinds: ['Minima'],
  async act(shell, path, options) {
    const { sweep } = await readSweep(shell, path, {
      // Do not check that the named points of the spec are minima: the user runs this command to find the minima.
      checksMinima: false,
      set: options.set,
    })
    const chosen = choose(sweep, options)
    if (options.output !== undefined && chosen.length > 1)
      throw usageError(
        `-o writes the minima of one cell, but ${chosen.length} cells are selected`,
        'choose one with --cell INDEX',
      )
    const cells: MinimaCell[] = []
    const descents = options.trials ?? defaults.descents
    for (const { index, id, params, cell, tables } of chosen) {
      const { steps = defaults.steps, gradient = defaults.gradient } = options
      const found = await findMinima(cell, tables, {
        descents,
        descent: { eta: etaOf(cell, options), steps, gradient },
        confidence: defaults.confidence,
        onProgress: progressOf(shell, `cell ${index}: descent`, cell.start.kind === 'point' ? null : descents),
      })
      cells.push(minimaCell({ index, id, params, start: cell.start.kind }, found))
    }
    shell.line.clear()
    const [first] = cells
    if (options.output !== undefined && first !== undefined) {
      await writeAll(shell, [minimaYaml(first)], options.output)
      note(shell, `wrote ${options.output}; paste it into the spec under landscape:`)
    }
    const remarks = cells
      .filter(({ dimension }) => dimension > maxPrinted)
      .map(
        ({ dimension }) => `the points have ${dimension} coordinates, too many to print; -o FILE or --json writes them`,
      )
    const { json = false } = options
    await printData(shell, documents.Minima, { sweep: { name: sweep.name }, cells }, { json }, { remarks })
  },
})

const defaults = {
  /** With this number of descents, a minimum whose basin contains one start in 200 is found with probability 99 %. */
  descents: 1000,
  steps: 100_000,
  /** When the gradient norm is below this, Newton's method converges in two or three steps. */
  gradient: 1e-6,
  confidence: 0.95,
} as const

/** A sweep with more landscapes or starts than this is probably a mistake. */
const maxCells = 100

/**
 * The cell with the given index or, without an index, the first cell for each combination of landscape, start and step
 * size.
 */
function choose(sweep: Sweep, options: MinimaOptions): readonly ResolvedCell[] {
  const seeded = ({ cell, ...rest }: ResolvedCell): ResolvedCell => ({
    ...rest,
    cell: options.seed === undefined ? cell : { ...cell, seed: seedOf(options.seed) },
  })
  if (options.cell !== undefined) return [seeded(cellAt(sweep, options.cell))]
  const distinct = new Map<string, ResolvedCell>()
  for (const resolved of sweep.cells()) {
    const { cell } = resolved
    const { landscape, start } = withLandscape(cell, withoutTrainingNoise(cell.landscape))
    // Descents use the whole loss, even if trials use mini-batches.
    const key = canonicalJson({ landscape, start, eta: etaOf(cell, options) })
    if (!distinct.has(key)) distinct.set(key, seeded(resolved))
    if (distinct.size > maxCells)
      throw usageError(`more than ${maxCells} cells differ in landscape, start or eta`, 'choose one with --cell INDEX')
  }
  return [...distinct.values()]
}

function etaOf({ trial, update }: Cell, { eta }: MinimaOptions): number {
  if (eta !== undefined) return eta
  if (trial.quench !== null) return trial.quench.eta
  const schedule = update.eta
  if (schedule.kind === 'expression')
    throw usageError(
      `eta is the expression ${schedule.expression}, but the descents need a number`,
      'give a step size, such as --eta 0.1',
    )
  if (schedule.kind === 'constant') return schedule.value
  return schedule.kind === 'piecewise' ? schedule.points[0]![1] : schedule.initial
}

function seedOf(text: string): string {
  const seed = /^(\d+|0x[\da-f]+)$/i.test(text) ? BigInt(text) : -1n
  if (seed < 0n || seed >= 2n ** 64n) throw usageError(`'${text}' is not a seed`, 'give an integer from 0 to 2^64 - 1')
  return String(seed)
}
