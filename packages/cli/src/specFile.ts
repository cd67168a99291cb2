import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { readSpec, type SpecTextOptions } from '@driftfarm/farm'
import { nearestWord, nullIf } from '@driftfarm/formula'
import type { ResolvedSpec } from '@driftfarm/report'
import { type ResolvedCell, type Sweep, specText } from '@driftfarm/spec'
import { CliError } from './failure.ts'
import type { Shell } from './shell.ts'

/** A larger spec is refused before it is read. */
const largestSpecBytes = 1 << 20

/**
 * Paths in the spec are relative to the folder of the spec. If `path` is `-`, the spec is read from standard input, and
 * paths in the spec are relative to the working folder.
 */
export async function readSweep(
  shell: Shell,
  path: string,
  { set = [], trials, checksMinima = true }: Omit<SpecTextOptions, 'fileName'>,
): Promise<ResolvedSpec> {
  const fileName = path === '-' ? 'standard input' : path
  const folder = path === '-' ? shell.cwd : dirname(resolve(shell.cwd, path))
  return readSpec(specText(await readBytes(shell, path), fileName), { fileName, folder, set, trials, checksMinima })
}

export function cellAt(sweep: Sweep, index: number): ResolvedCell {
  if (index < sweep.cellCount) return sweep.cell(index)
  throw new CliError('NOT_FOUND', `no cell ${index}`, `the cells are 0 to ${sweep.cellCount - 1}`)
}

async function readBytes({ stdin, cwd }: Shell, path: string): Promise<Uint8Array> {
  const file = resolve(cwd, path)
  try {
    if (path === '-') return await buffer(Readable.from(stdin))
    const { size } = statSync(file)
    if (size > largestSpecBytes)
      throw new CliError(
        'FILE_UNREADABLE',
        `${path} has ${size} bytes; a spec may have at most 1 MiB`,
        'move tables to CSV files and name these files in the spec',
      )
    return readFileSync(file)
  } catch (error) {
    if (error instanceof CliError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT')
      throw new CliError(
        'FILE_NOT_FOUND',
        `no file ${path}`,
        nearFile(file, path) ??
          'give the path of a spec file; `results`, `figure` and `watch` take the name of a sweep (`driftfarm list`)',
      )
    // Show the path as the user gave it, instead of the absolute path in the system's message.
    const said = message.replace(`'${file}'`, `'${path}'`)
    throw new CliError('FILE_UNREADABLE', `cannot read ${path}: ${said}`, 'give the path of a YAML or JSON file')
  }
}

/** A hint with the spec of the same folder that `path` may have meant; null if there is none. */
function nearFile(file: string, path: string): string | null {
  const names = nullIf(Error, () => readdirSync(dirname(file))) ?? []
  const near = nearestWord(
    basename(file),
    names.filter((name) => /\.(ya?ml|json)$/i.test(name)),
  )
  return near === undefined ? null : `did you mean ${join(dirname(path), near)}?`
}
