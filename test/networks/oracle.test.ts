import { execFileSync } from 'node:child_process'
import { curvatureOf, exitFunction, index, landscapeFunction, sharpness } from '@driftfarm/kernel'
import { type Activation, dataTable, type NetworkLandscape } from '@driftfarm/spec'
import { needs, programPath } from '@driftfarm/testing/program'
import { describe, expect, test } from 'vitest'
import { cellOf } from '../../packages/kernel/src/agreement/cells.fixture.ts'
import { network } from '../../packages/kernel/src/agreement/networks.fixture.ts'
import kept from './oracle.json'

/** Made by oracle.py, which says how. */
interface Study {
  readonly layers: readonly number[]
  readonly activation: string
  readonly output: string
  readonly loss: string
  readonly biases: boolean
  readonly decay: number
  readonly decayBias: boolean
  readonly data: readonly (readonly number[])[]
  readonly theta: readonly number[]
  readonly expected: {
    readonly loss: number
    readonly gradient: readonly number[]
    /** Null if it is not defined, because a single target is not 0 or 1. */
    readonly accuracy: number | null
    readonly sharpness: number
    readonly trace: number
    readonly eigenvalues: readonly number[]
  }
}

const studies: readonly Study[] = kept

/** The largest error, relative to the largest of the expected numbers. */
function errorOf(found: ArrayLike<number>, expected: readonly number[]): number {
  const size = Math.max(...expected.map(Math.abs))
  return Math.max(...expected.map((x, i) => Math.abs(found[i]! - x))) / size
}

describe('twenty random networks agree with a NumPy program', () => {
  test.each(studies.map((study, at) => [`${at}: ${study.layers.join('-')} ${study.activation}`, study] as const))(
    '%s',
    (_, { layers, data: rows, theta: start, expected, activation, output, loss, ...rest }) => {
      const data = dataTable(rows.length, rows[0]!.length, rows.flat())
      const landscape = network(layers, data, {
        ...rest,
        activation: activation as Activation,
        output: output as NetworkLandscape['output'],
        loss: loss as NetworkLandscape['loss'],
      })
      const theta = Float64Array.from(start)
      const of = landscapeFunction(cellOf({ landscape, start }), [data])
      const curvature = curvatureOf(of)
      const gradient = new Float64Array(theta.length)
      of.gradient(theta, gradient)
      expect(errorOf([of.loss(theta)], [expected.loss])).toBeLessThan(1e-12)
      expect(errorOf(gradient, expected.gradient)).toBeLessThan(1e-12)
      expect(errorOf([curvature.trace(theta)], [expected.trace])).toBeLessThan(1e-12)
      expect(errorOf([sharpness(curvature, theta)], [expected.sharpness])).toBeLessThan(1e-12)
      if (expected.accuracy !== null) {
        const classify = [['right', `accuracy == ${expected.accuracy}`]] as const
        const cell = cellOf({ landscape, start, trial: { classify } })
        expect(exitFunction(cell, [data], start).at(theta).class).toBe('right')
      }
      const limit = 1e-8 * Math.max(...expected.eigenvalues.map(Math.abs))
      expect(index(curvature, theta)).toBe(expected.eigenvalues.filter((x) => x < -limit).length)
    },
  )
})

test('the numbers in oracle.json are those of the program', needs('numpy'), () => {
  const program = new URL('oracle.py', import.meta.url).pathname
  const printed: readonly Study[] = JSON.parse(execFileSync(programPath('numpy'), [program], { encoding: 'utf8' }))
  for (const [at, { expected }] of studies.entries()) {
    const { loss, trace, sharpness, gradient } = printed[at]!.expected
    const [now, then] = [
      [loss, trace, sharpness, ...gradient],
      [expected.loss, expected.trace, expected.sharpness, ...expected.gradient],
    ]
    expect(errorOf(now, then)).toBeLessThan(1e-14)
  }
})
