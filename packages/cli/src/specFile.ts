import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { landscapeFunction } from '@driftfarm/kernel'
import {
  bareTrial,
  type Cell,
  type DataTable,
  KERNEL_VERSION,
  parseSweep,
  type Slopes,
  type Sweep,
} from '@driftfarm/spec'
import { CliError } from './failure.ts'
import type { Shell } from './shell.ts'

export interface SpecOptions {
  readonly set?: readonly (readonly [string, string])[]
  readonly trials?: number
  /** Default true. If false, named minima that are not minima are accepted, for the search for the right ones. */
  readonly checksMinima?: boolean
}

/** A larger spec is refused before it is read. */
const largestSpecBytes = 1 << 20

/** Reads and resolves a spec. Paths of files in it are relative to it. `-` reads standard input. */
export async function readSweep(
  shell: Shell,
  path: string,
  options: SpecOptions,
): Promise<{ sweep: Sweep; text: string }> {
  const source = await readText(shell, path)
  const folder = path === '-' ? shell.cwd : dirname(resolve(shell.cwd, path))
  const sweep = parseSweep(source, {
    fileName: path === '-' ? 'standard input' : path,
    ...(options.set === undefined ? {} : { set: options.set }),
    ...(options.trials === undefined ? {} : { trials: options.trials }),
    ...(options.checksMinima === undefined ? {} : { checksMinima: options.checksMinima }),
    slopesOf: networkSlopes,
    readFile: (name: string) => readFileSync(resolve(folder, name), 'utf8'),
    readBytes: (name: string) => readFileSync(resolve(folder, name)),
  })
  return { sweep, text: source }
}

/** Approximate number of operations of a gradient for each weight and sample. */
const operationsPerWeight = 6

/** Loss and gradient of a network, as its trials compute them. */
function networkSlopes(landscape: Cell['landscape'], data: DataTable | null): Slopes {
  const { dimension } = landscape
  const { loss, gradient } = landscapeFunction(cellOf(landscape), data)
  return {
    dimension,
    loss,
    gradient: (theta) => {
      const slopes = new Float64Array(dimension)
      gradient(theta, slopes)
      return slopes
    },
    cost: operationsPerWeight * dimension * (data?.rows ?? dimension),
  }
}

/** A cell that depends on nothing but its landscape. */
function cellOf(landscape: Cell['landscape']): Cell {
  return {
    kernel: KERNEL_VERSION,
    landscape,
    start: { kind: 'uniform', low: 0, high: 0 },
    update: { rule: { kind: 'gradient' }, eta: { kind: 'constant', value: 1 }, drift: [] },
    trial: bareTrial,
    seed: '0',
    streams: 'independent',
    method: { kind: 'direct' },
  }
}

async function readText({ stdin, cwd }: Shell, path: string): Promise<string> {
  const file = resolve(cwd, path)
  try {
    if (path === '-') return await text(Readable.from(stdin))
    const { size } = statSync(file)
    if (size > largestSpecBytes)
      throw new CliError(
        'FILE_UNREADABLE',
        `${path} has ${size} bytes: a spec is at most 1 MiB`,
        'put tables into CSV files and name them in the spec',
      )
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof CliError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT')
      throw new CliError(
        'FILE_NOT_FOUND',
        `no file ${path}`,
        'give the path of a spec, for instance examples/double-well.yaml',
      )
    // The path as the user gave it, in place of the absolute one in the system's message.
    const said = message.replace(`'${file}'`, `'${path}'`)
    throw new CliError('FILE_UNREADABLE', `cannot read ${path}: ${said}`, 'give the path of a YAML or JSON file')
  }
}
