import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseSweep, type Sweep } from '@driftfarm/spec'
import { CliError } from './failure.ts'

export interface SpecOptions {
  readonly set?: readonly (readonly [string, string])[]
  readonly trials?: number
}

/** A spec that is larger is refused before it is read. */
const largestSpecBytes = 1 << 20

/** Reads and resolves a spec; paths of files inside it are relative to it. `-` reads standard input. */
export function readSweep(path: string, options: SpecOptions): { sweep: Sweep; text: string } {
  const text = readText(path)
  const folder = path === '-' ? process.cwd() : dirname(resolve(path))
  const sweep = parseSweep(text, {
    fileName: path === '-' ? 'standard input' : path,
    ...(options.set === undefined ? {} : { set: options.set }),
    ...(options.trials === undefined ? {} : { trials: options.trials }),
    readFile: (name: string) => readFileSync(resolve(folder, name), 'utf8'),
    readBytes: (name: string) => readFileSync(resolve(folder, name)),
  })
  return { sweep, text }
}

function readText(path: string): string {
  try {
    if (path === '-') return readFileSync(0, 'utf8')
    const { size } = statSync(path)
    if (size > largestSpecBytes)
      throw new CliError(
        'FILE_UNREADABLE',
        `${path} has ${size} bytes: a spec is at most 1 MiB`,
        'put tables into CSV files and name them in the spec',
      )
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof CliError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT')
      throw new CliError(
        'FILE_NOT_FOUND',
        `no file ${path}`,
        'give the path of a spec, for instance examples/double-well.yaml',
      )
    throw new CliError('FILE_UNREADABLE', `cannot read ${path}: ${message}`, 'give the path of a YAML or JSON file')
  }
}
