import { landscapeScene, sliceScene } from '@driftfarm/answers'
import { type Figure, landscapeFigure } from '@driftfarm/report'
import { CliError } from '../../failure.ts'
import type { Shell } from '../../shell.ts'
import { readSweep } from '../../specFile.ts'
import type { FigureOptions } from '../figure.ts'

/** The landscape of a spec's first cell: over its one or two coordinates, else over a plane through named points. */
export async function landscapeOf(shell: Shell, path: string, options: FigureOptions): Promise<Figure> {
  const { sweep } = await readSweep(shell, path, { set: options.set })
  const { cell, data } = sweep.cell(0)
  const { minima } = cell.trial
  const scene = landscapeScene(cell, data, { title: `${sweep.name}: loss`, minima })
  if (scene !== null) return landscapeFigure(scene)
  if (minima.length < 2)
    throw new CliError(
      'USAGE',
      `${sweep.name} has ${cell.landscape.dimension} coordinates, and a plane goes through two named points of them`,
      'name two minima: in the landscape (driftfarm minima finds some)',
    )
  return landscapeFigure(sliceScene(cell, data, `${sweep.name}: loss`, minima))
}
