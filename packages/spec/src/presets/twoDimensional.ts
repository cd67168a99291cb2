import type { Preset } from './preset.ts'

export const banana: Preset = {
  name: 'banana',
  summary: 'The double well along a curved valley',
  variables: ['x', 'y'],
  dimension: 2,
  expression: '(x^2 - 1)^2/4 + (y - x^2)^2/2',
  parameters: {},
  minima: [
    { name: 'left', point: [-1, 1] },
    { name: 'right', point: [1, 1] },
  ],
  view: [
    [-1.8, 1.8],
    [-0.9, 2.9],
  ],
}

/** Bi-channel potential (Brehier et al., Ann. Appl. Probab. 26, 2016). */
export const threeHole: Preset = {
  name: 'three-hole',
  summary: 'Two deep wells joined by two channels, the upper one through a shallow third well',
  variables: ['x', 'y'],
  dimension: 2,
  expression:
    '3*exp(-x^2 - (y - 1/3)^2) - 3*exp(-x^2 - (y - 5/3)^2) - 5*exp(-(x - 1)^2 - y^2) - 5*exp(-(x + 1)^2 - y^2) + ' +
    '0.2*x^4 + 0.2*(y - 1/3)^4',
  parameters: {},
  minima: [
    { name: 'left', point: [-1.048, -0.042], polish: true },
    { name: 'right', point: [1.048, -0.042], polish: true },
    { name: 'top', point: [0, 1.537], polish: true },
  ],
  view: [
    [-2, 2],
    [-1.4, 2.4],
  ],
}

/** Mueller and Brown, Theor. Chim. Acta 53 (1979). */
export const muellerBrown: Preset = {
  name: 'mueller-brown',
  summary: 'Reaction path benchmark with three minima in a curved valley',
  variables: ['x', 'y'],
  dimension: 2,
  expression:
    '-200*exp(-(x - 1)^2 - 10*y^2) - 100*exp(-x^2 - 10*(y - 0.5)^2) - 170*exp(-6.5*(x + 0.5)^2 + 11*(x + 0.5)*(y - ' +
    '1.5) - 6.5*(y - 1.5)^2) + 15*exp(0.7*(x + 1)^2 + 0.6*(x + 1)*(y - 1) + 0.7*(y - 1)^2)',
  parameters: {},
  minima: [
    { name: 'left', point: [-0.558, 1.44], polish: true },
    { name: 'middle', point: [-0.05, 0.467], polish: true },
    { name: 'right', point: [0.623, 0.028], polish: true },
  ],
  view: [
    [-1.6, 1.2],
    [-0.4, 2.1],
  ],
}

export const himmelblau: Preset = {
  name: 'himmelblau',
  summary: 'Four equal minima, one in each quadrant',
  variables: ['x', 'y'],
  dimension: 2,
  expression: '(x^2 + y - 11)^2 + (x + y^2 - 7)^2',
  parameters: {},
  minima: [
    { name: 'northeast', point: [3, 2] },
    { name: 'northwest', point: [-2.805, 3.131], polish: true },
    { name: 'southwest', point: [-3.779, -3.283], polish: true },
    { name: 'southeast', point: [3.584, -1.848], polish: true },
  ],
  view: [
    [-5.5, 5.5],
    [-5.5, 5.5],
  ],
}

/** Dixon and Szegoe (1978). The minima `lower` and `upper` are both global. */
export const sixHumpCamel: Preset = {
  name: 'six-hump-camel',
  summary: 'Six minima, two of them global',
  variables: ['x', 'y'],
  dimension: 2,
  expression: '(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2',
  parameters: {},
  minima: [
    { name: 'lower', point: [0.0898, -0.7127], polish: true },
    { name: 'upper', point: [-0.0898, 0.7127], polish: true },
    { name: 'left-upper', point: [-1.7036, 0.7961], polish: true },
    { name: 'right-lower', point: [1.7036, -0.7961], polish: true },
    { name: 'right-upper', point: [1.6071, 0.5687], polish: true },
    { name: 'left-lower', point: [-1.6071, -0.5687], polish: true },
  ],
  view: [
    [-2.1, 2.1],
    [-1.2, 1.2],
  ],
}
