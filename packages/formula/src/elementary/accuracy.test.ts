import { describe, expect, test } from 'vitest'
import acosPoints from './fixtures/acos.json?raw'
import atanPoints from './fixtures/atan.json?raw'
import cosPoints from './fixtures/cos.json?raw'
import coshPoints from './fixtures/cosh.json?raw'
import erfPoints from './fixtures/erf.json?raw'
import expPoints from './fixtures/exp.json?raw'
import logPoints from './fixtures/log.json?raw'
import powerPoints from './fixtures/power.json?raw'
import sigmoidPoints from './fixtures/sigmoid.json?raw'
import sinPoints from './fixtures/sin.json?raw'
import sinhPoints from './fixtures/sinh.json?raw'
import softplusPoints from './fixtures/softplus.json?raw'
import tanPoints from './fixtures/tan.json?raw'
import tanhPoints from './fixtures/tanh.json?raw'
import * as elementary from './index.ts'

const functions = { ...elementary }

const words = new DataView(new ArrayBuffer(8))

function double(hex: string): number {
  words.setBigUint64(0, BigInt(`0x${hex}`))
  return words.getFloat64(0)
}

/** Unit in the last place of the binade of x. */
function unit(x: number): number {
  words.setFloat64(0, x)
  return 2 ** (Math.max((words.getUint16(0) >> 4) & 0x7ff, 1) - 1075)
}

/** Error of `got` against "value rest" of the fixtures, in units of the last place. */
function error(got: number, value: number, rest: number): number {
  if (Object.is(got, value)) return Math.abs(rest)
  return Math.abs((got - value) / unit(value) - rest)
}

/** The largest error over the points of fixtures/make.py. */
function largestError(f: (...x: number[]) => number, points: readonly string[]): number {
  let largest = 0
  for (const point of points) {
    const parts = point.split(' ')
    const value = double(parts.at(-2)!)
    const found = error(f(...parts.slice(0, -2).map(double)), value, Number(parts.at(-1)))
    if (!(found <= largest)) largest = found
  }
  return largest
}

describe('accuracy against mpmath', () => {
  test.each<[keyof typeof functions, string, number]>([
    ['exp', expPoints, 0.7],
    ['log', logPoints, 0.9],
    ['sin', sinPoints, 0.8],
    ['cos', cosPoints, 0.8],
    ['tan', tanPoints, 0.9],
    ['sinh', sinhPoints, 1.7],
    ['cosh', coshPoints, 1.2],
    ['tanh', tanhPoints, 1.4],
    ['atan', atanPoints, 0.9],
    ['acos', acosPoints, 0.9],
    ['sigmoid', sigmoidPoints, 1.7],
    ['softplus', softplusPoints, 1.6],
    ['erf', erfPoints, 1.45],
    ['power', powerPoints, 0.9],
  ])('%s', (name, text, bound) => {
    const points = JSON.parse(text) as string[]
    expect(points.length).toBeGreaterThan(240)
    expect(largestError(functions[name] as (...x: number[]) => number, points)).toBeLessThan(bound)
  })

  test('a relative error of one unit in the last place does not pass', () => {
    const off = (x: number) => elementary.exp(x) * (1 + 2 ** -52)
    expect(largestError(off, JSON.parse(expPoints))).toBeGreaterThan(1)
  })
})
