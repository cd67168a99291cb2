import { type Cell, KERNEL_VERSION, minimalTrial } from '@driftfarm/spec'

/** The double well with Gaussian drift, eta 0.1, sigma 1, from the left minimum; escape x >= 0. */
export function doubleWell(steps: number): Cell {
  return {
    kernel: KERNEL_VERSION,
    landscape: {
      kind: 'formula',
      dimension: 1,
      variables: ['x'],
      expression: '(x^2 - 1)^2/4',
      parameters: [],
      data: null,
      batch: null,
    },
    start: { kind: 'point', point: [-1] },
    update: {
      rule: { kind: 'gradient' },
      eta: { kind: 'constant', value: 0.1 },
      drift: [
        {
          form: 'additive',
          law: { kind: 'gaussian' },
          isotropic: false,
          scale: 'sigma',
          amount: { kind: 'constant', value: 1 },
          when: null,
          every: 1,
        },
      ],
    },
    trial: {
      ...minimalTrial,
      steps,
      escape: { kind: 'exits', exits: [['', 'x >= 0']] },
      minima: [
        ['left', [-1]],
        ['right', [1]],
      ],
    },
    seed: '1',
    streams: 'independent',
    method: { kind: 'direct' },
  }
}

/** sum h x_i^2 / 2 in `dimension` coordinates, escape from a ball that is hardly ever left. */
export function quadratic(dimension: number, steps: number): Cell {
  const cell = doubleWell(steps)
  const origin = new Array<number>(dimension).fill(0)
  return {
    ...cell,
    landscape: {
      kind: 'formula',
      dimension,
      variables: null,
      expression: `sum(i, 1, ${dimension}, h*x[i]^2/2)`,
      parameters: [['h', 1]],
      data: null,
      batch: null,
    },
    start: { kind: 'point', point: origin },
    trial: {
      ...cell.trial,
      escape: { kind: 'outside', radius: 10 * Math.sqrt(dimension), of: origin },
      minima: [['origin', origin]],
    },
  }
}
