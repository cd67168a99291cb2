import { FigureError, figureFrom, type Source, type StatusData, terminalFigure } from '@driftfarm/report'
import { print, terminalFor } from './output.ts'
import type { Shell } from './shell.ts'

/** Minimum time between two drawings, also as a multiple of the last drawing's time, so that drawing costs little. */
const everyMs = 2_000
const pauseFactor = 20

/** Larger sweeps are not drawn live. Reading more cells would take seconds from the process that computes them. */
const maxCells = 10_000

/** A figure of a running sweep, redrawn above its progress line. The axes determine its kind. */
export interface LiveFigure {
  /** Redraws the figure if it is time. Never throws; what cannot be drawn yet is not shown. */
  update(status: StatusData): void
  /** Stops drawing. Call it before the database is closed. */
  end(): Promise<void>
}

export function liveFigure(shell: Shell, source: Source): LiveFigure {
  const { line, stderr } = shell
  let drawing: Promise<void> | null = null
  let nextMs = 0
  let ended = false

  const draw = async (id: string): Promise<void> => {
    const began = performance.now()
    try {
      const figure = await figureFrom(source, id)
      if (ended) return
      const terminal = { ...terminalFor(shell, stderr), width: line.width }
      const whole = terminalFigure(figure, terminal)
      line.picture(whole.length <= line.room ? whole : terminalFigure({ ...figure, caption: [] }, terminal))
    } catch {
      // Nothing to draw yet, or the sweep was removed, which the waiting command reports.
    } finally {
      const took = performance.now() - began
      nextMs = performance.now() + Math.max(everyMs, pauseFactor * took)
      drawing = null
    }
  }

  return {
    update(status) {
      if (!line.exists || ended || drawing !== null || performance.now() < nextMs) return
      if (isQuickToDraw(status) && Number(status.trials.done) > 0) drawing = draw(status.id)
    },
    async end() {
      ended = true
      await drawing
    },
  }
}

/** Whether a figure of the sweep can be drawn without a noticeable delay. */
export function isQuickToDraw({ cells }: Pick<StatusData, 'cells'>): boolean {
  return cells.open + cells.done + cells.failed <= maxCells
}

/** Prints the figure of an ended sweep below its results, or nothing if there is none to draw. */
export async function printFigure(shell: Shell, source: Source, id: string): Promise<void> {
  try {
    const figure = await figureFrom(source, id)
    await print(shell, `\n${terminalFigure(figure, terminalFor(shell)).join('\n')}\n`)
  } catch (error) {
    if (!(error instanceof FigureError)) throw error
  }
}
