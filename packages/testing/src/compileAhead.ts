import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { prepare } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { premisesOf } from '@driftfarm/theory'
import { cachedModules } from '@driftfarm/worker'

const seen = new Set<string>()
/** In the specs of tests, the modules for the first `maxCells` cells are enough for all cells. */
const maxCells = 24

/**
 * Compiles the modules for the cells of a spec into the module cache of `home`, so that a command need not compile
 * them. The compiler is warm in this process, while each command has new threads, in which compiling a module takes ten
 * times as long. Does nothing if the home has no module cache. An invalid spec is ignored here, because the command
 * will report it.
 */
export async function compileAhead(path: string, home: string): Promise<void> {
  const folder = join(home, 'cache')
  if (!existsSync(folder)) return
  const module = cachedModules(folder)
  try {
    const text = readFileSync(path, 'utf8')
    if (seen.has(text)) return
    seen.add(text)
    const readBytes = (name: string) => readFileSync(resolve(dirname(path), name))
    const sweep = parseSweep(text, { fileName: path, readBytes })
    const shapes = new Set<string>()
    for (let index = 0; index < Math.min(maxCells, sweep.cellCount); index++) {
      const { cell, tables } = sweep.cell(index)
      const prepared = prepare(cell, tables)
      if (shapes.has(prepared.shape)) continue
      shapes.add(prepared.shape)
      await module(prepared)
      await premisesOf(cell, tables, { module })
    }
  } catch {}
}
