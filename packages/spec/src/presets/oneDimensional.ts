import type { Preset } from './preset.ts'

export const doubleWell: Preset = {
  name: 'double-well',
  summary: 'Two equal wells at -1 and 1 with a barrier of 1/4 at 0',
  variables: ['x'],
  dimension: 1,
  expression: '(x^2 - 1)^2/4',
  parameters: {},
  minima: [
    { name: 'left', point: [-1] },
    { name: 'right', point: [1] },
  ],
  view: [[-1.8, 1.8]],
}

/** For |c| > 2/(3 sqrt 3) = 0.385, only one of the two wells exists. */
export const tiltedDoubleWell: Preset = {
  name: 'tilted-double-well',
  summary: 'The double well tilted by c x; the left well is deeper for c > 0',
  variables: ['x'],
  dimension: 1,
  expression: '(x^2 - 1)^2/4 + c*x',
  parameters: { c: 0.1 },
  minima: [
    { name: 'left', point: [-1], polish: true },
    { name: 'right', point: [1], polish: true },
  ],
  view: [[-1.8, 1.8]],
}
