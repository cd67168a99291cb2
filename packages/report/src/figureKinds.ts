/**
 * The kinds of figures, in the order in which help pages list them. This file imports nothing, because the command
 * loads it to show help.
 */
export const figureKinds = [
  'line',
  'map',
  'boundary',
  'curve',
  'ends',
  'fit',
  'residuals',
  'convergence',
  'trajectory',
  'contrast',
  'landscape',
] as const
export type FigureKind = (typeof figureKinds)[number]
