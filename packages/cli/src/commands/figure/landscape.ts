import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Figure, landscapeFigure, landscapeScene, sliceScene } from '@driftfarm/report'
import type { Cell, DataTable } from '@driftfarm/spec'
import { CliError } from '../../failure.ts'
import { farmExists, withSweep } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { readSweep } from '../../specFile.ts'
import type { FigureOptions } from '../figure.ts'

/**
 * Draws the landscape of the first cell. If the landscape has more than two coordinates, only a plane through named
 * points is drawn.
 */
export async function landscapeOf(shell: Shell, text: string, options: FigureOptions): Promise<Figure> {
  const isFile = text === '-' || existsSync(resolve(shell.cwd, text))
  if (isFile || !farmExists(shell)) {
    const { sweep } = await readSweep(shell, text, { set: options.set })
    const { cell, data } = sweep.cell(0)
    return landscapeFigureOf(sweep.name, cell, data)
  }
  if (options.set.length > 0)
    throw new CliError('USAGE', `--set changes a spec file, but there is no file ${text}`, 'give the path of a spec')
  return withSweep(shell, text, async (farmClient, { id, name }) => {
    const { resolved, data } = await farmClient.cell({ sweep: id, cell: '0' })
    return landscapeFigureOf(name, resolved as unknown as Cell, data === null ? null : await farmClient.data(data.hash))
  })
}

function landscapeFigureOf(name: string, cell: Cell, data: DataTable | null): Figure {
  const { minima } = cell.trial
  const scene = landscapeScene(cell, data, { title: `${name}: loss`, minima })
  if (scene !== null) return landscapeFigure(scene)
  if (minima.length < 2)
    throw new CliError(
      'USAGE',
      `the landscape of ${name} has ${cell.landscape.dimension} coordinates; ` +
        'a figure can show only a plane through two named minima',
      'name two minima in the landscape (`driftfarm minima SPEC` finds some)',
    )
  return landscapeFigure(sliceScene(cell, data, `${name}: loss`, minima))
}
