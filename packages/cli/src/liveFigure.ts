import { FigureError, figureFrom, type Source, type StatusData, terminalFigure } from '@driftfarm/report'
import { print, terminalFor } from './output.ts'
import type { Shell } from './shell.ts'

/** Time between two drawings, and how much longer than the last drawing took: to look is to cost little. */
const everyMs = 2_000
const restOver = 20

/** Cells of a sweep that is drawn while it is computed: to read more takes seconds of the process that computes it. */
const mostCells = 10_000

/** A figure of a sweep, of the kind that its axes suggest, which is drawn anew over the progress of the sweep. */
export interface LiveFigure {
  /** Draws it if it is time. Never throws: what cannot be drawn yet is not shown. */
  see(status: StatusData): void
  /** Ends the drawing. To be called before the database is closed. */
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
      // Nothing to draw yet, or the sweep was removed: whoever waits for it says so.
    } finally {
      const took = performance.now() - began
      nextMs = performance.now() + Math.max(everyMs, restOver * took)
      drawing = null
    }
  }

  return {
    see(status) {
      if (!line.exists || ended || drawing !== null || performance.now() < nextMs) return
      if (isQuickToDraw(status) && Number(status.trials.done) > 0) drawing = draw(status.id)
    },
    async end() {
      ended = true
      await drawing
    },
  }
}

/** Whether a figure of the sweep takes no time that anybody would notice. */
export function isQuickToDraw({ cells }: Pick<StatusData, 'cells'>): boolean {
  return cells.open + cells.done + cells.failed <= mostCells
}

/** Prints the figure of a sweep that has ended, below its results; nothing where there is none to draw. */
export async function printFigure(shell: Shell, source: Source, id: string): Promise<void> {
  try {
    const figure = await figureFrom(source, id)
    await print(shell, `\n${terminalFigure(figure, terminalFor(shell)).join('\n')}\n`)
  } catch (error) {
    if (!(error instanceof FigureError)) throw error
  }
}
