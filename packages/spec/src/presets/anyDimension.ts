import type { Preset } from './preset.ts'

export const quadratic: Preset = {
  name: 'quadratic',
  summary: 'One round well of curvature h, for which exact results are known',
  variables: null,
  dimension: 1,
  expression: 'sum(i, 1, d, h*x[i]^2)/2',
  parameters: { h: 1 },
  minima: [{ name: 'origin', point: 0 }],
  view: [[-2, 2]],
}

export const rosenbrock: Preset = {
  name: 'rosenbrock',
  summary: 'A narrow curved valley of steepness b',
  variables: null,
  dimension: 2,
  smallest: 2,
  expression: 'sum(i, 1, d - 1, b*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2)',
  parameters: { b: 100 },
  minima: [{ name: 'global', point: 1 }],
  view: [
    [-2, 2],
    [-1, 3],
  ],
}

export const rastrigin: Preset = {
  name: 'rastrigin',
  summary: 'A bowl with a lattice of local minima; the parameter a sets their depth',
  variables: null,
  dimension: 2,
  expression: 'a*d + sum(i, 1, d, x[i]^2 - a*cos(2*pi*x[i]))',
  parameters: { a: 10 },
  minima: [{ name: 'origin', point: 0 }],
  view: [
    [-3.3, 3.3],
    [-3.3, 3.3],
  ],
}

/** The term 1e-300 makes the gradient at the cusp 0 instead of 0/0. The term changes the loss only if |x| < 1e-142. */
export const ackley: Preset = {
  name: 'ackley',
  summary: 'A nearly flat rippled plain around one funnel',
  variables: null,
  dimension: 2,
  expression: '-a*exp(-b*sqrt(sum(i, 1, d, x[i]^2)/d + 1e-300)) - exp(sum(i, 1, d, cos(c*x[i]))/d) + a + e',
  parameters: { a: 20, b: 0.2, c: 6.283185307179586 },
  minima: [{ name: 'origin', point: 0 }],
  view: [
    [-5, 5],
    [-5, 5],
  ],
}

/**
 * Each coordinate of the global minimum is the smallest root of 4 x^3 - 32 x + 5 = 0, -2.903534027771177095, computed
 * by Newton's method with 50 decimal digits.
 */
export const styblinskiTang: Preset = {
  name: 'styblinski-tang',
  summary: 'A tilted double well in each coordinate: 2^d minima',
  variables: null,
  dimension: 2,
  expression: 'sum(i, 1, d, x[i]^4 - 16*x[i]^2 + 5*x[i])/2',
  parameters: {},
  minima: [{ name: 'global', point: -2.903534027771177 }],
  view: [
    [-4.5, 4.5],
    [-4.5, 4.5],
  ],
}
