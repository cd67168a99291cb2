import { codedError } from '@driftfarm/formula'

/** What was asked for cannot be drawn. The message says why, the hint what can be. */
export class FigureError extends codedError({
  USAGE: { ends: 'usage' },
  NO_SUCH_AXIS: { ends: 'usage' },
  NO_SUCH_FIGURE: { ends: 'usage' },
  NOTHING_TO_DRAW: { ends: 'conflict' },
}) {
  override readonly name = 'FigureError'
}
