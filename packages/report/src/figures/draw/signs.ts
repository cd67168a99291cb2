import type { Tile } from '../figure.ts'

/** The sign of a cell on a map: ! wrong, ? doubtful, / target not reached; '' for other cells. */
export const signOf = ({ doubt, state }: Tile): string =>
  doubt === 'wrong' ? '!' : doubt === 'doubtful' ? '?' : state === 'below target' ? '/' : ''
