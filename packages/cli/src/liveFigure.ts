import { FigureError, figureOf, type Source, type StatusData, terminalFigure } from '@driftfarm/report'
import { print, terminalFor } from './output.ts'
import type { Shell } from './shell.ts'

/** Minimum pause between two drawings in ms. */
const everyMs = 2_000
/** Minimum pause as a multiple of the time that the last drawing took, so that drawing costs little. */
const pauseFactor = 20

/**
 * Sweeps with more cells than this are not drawn while they run, because reading the cells would delay the computation
 * by seconds.
 */
const maxCells = 10_000

export function liveFigure(shell: Shell, source: Source) {
  const { line, stderr } = shell
  let drawing: Promise<void> | null = null
  let nextMs = 0
  let ended = false

  const draw = async (id: string): Promise<void> => {
    const began = performance.now()
    try {
      const figure = await figureOf(source, id)
      if (ended) return
      const terminal = { ...terminalFor(shell, stderr), width: line.width }
      const whole = terminalFigure(figure, terminal)
      line.picture(whole.length <= line.room ? whole : terminalFigure({ ...figure, caption: [] }, terminal))
    } catch {
      // There is nothing to draw yet, or the sweep was removed. The command that waits for the sweep reports a removal.
    } finally {
      const took = performance.now() - began
      nextMs = performance.now() + Math.max(everyMs, pauseFactor * took)
      drawing = null
    }
  }

  return {
    /** Redraws the figure if the pause is over. Never throws; if the figure cannot be drawn yet, nothing is shown. */
    update(status: StatusData): void {
      if (!line.exists || ended || drawing !== null || performance.now() < nextMs) return
      if (isQuickToDraw(status) && Number(status.trials.done) > 0) drawing = draw(status.id)
    },
    /** Stops drawing. Call it before the database is closed. */
    async end(): Promise<void> {
      ended = true
      await drawing
    },
  }
}

export function isQuickToDraw({ cells }: Pick<StatusData, 'cells'>): boolean {
  return cells.open + cells.done + cells.failed <= maxCells
}

/** Prints nothing if there is no figure to draw. */
export async function printFigure(shell: Shell, source: Source, id: string): Promise<void> {
  try {
    const figure = await figureOf(source, id)
    await print(shell, `\n${terminalFigure(figure, terminalFor(shell)).join('\n')}\n`)
  } catch (error) {
    if (!(error instanceof FigureError)) throw error
  }
}
