import { codedError } from '@driftfarm/formula'

/** The requested figure cannot be drawn. The message says why, and the hint says what can be drawn. */
export class FigureError extends codedError({
  USAGE: { ends: 'usage' },
  NO_SUCH_AXIS: { ends: 'usage' },
  NO_SUCH_FIGURE: { ends: 'usage' },
  NOTHING_TO_DRAW: { ends: 'conflict' },
}) {
  override readonly name = 'FigureError'
}
