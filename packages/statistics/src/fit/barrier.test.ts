import { describe, expect, it } from 'vitest'
import type { Estimate } from '../evidence/estimate.ts'
import { check } from '../finding/check.ts'
import { type BarrierGround, barrierFaults, contradicts, type GroundedCell } from './barrier.ts'

const estimate = (value: number, more: Partial<Estimate> = {}): Estimate => ({
  value,
  low: 0,
  high: 1,
  confidence: 0.95,
  method: 'clopper-pearson',
  events: 100,
  ...more,
})
const ground: BarrierGround = { horizon: 1000, relaxation: 20, height: 0, fault: null }
const tested = (pValue: number) => ({ statistic: 9, degreesOfFreedom: 3, pValue })
const cell = (estimates: GroundedCell['estimates'], more: Partial<GroundedCell> = {}): GroundedCell => ({
  index: 3,
  temperature: 0.05,
  checks: [],
  estimates,
  ground,
  ...more,
})
const rate = (more: Partial<Estimate> = {}, value = 0.001) => ({ escapeRate: estimate(value, more) })
const escape = (value: number, more: GroundedCell['estimates'] = {}) => ({ escape: estimate(value), ...more })
const grounded = (more: Partial<BarrierGround>) => ({ ground: { ...ground, ...more } })
const far = grounded({ height: 0.06 })
const doubt = (name: 'control' | 'temperature') => ({ checks: [check(name, 'doubtful', 'for this test', 'do it')] })

describe('a rate is that of leaving a well', () => {
  it.each<[string, string, GroundedCell]>([
    ['from the minimum', 'escapeRate', cell(rate())],
    ['by few escapes', 'escape', cell(escape(0.2))],
    ['from a start that is at most T above it', 'escapeRate', cell(rate(), grounded({ height: 0.05 }))],
    ['from a start that is forgotten', 'escapeRate', cell(rate({ after: 20 }), far)],
    ['from random starts that are forgotten', 'escapeRate', cell(rate({ after: 20 }), grounded({ height: null }))],
    ['over ten times as many steps as are needed', 'escapeRate', cell(rate(), grounded({ horizon: 200 }))],
    ['of a flat well', 'escapeRate', cell(rate(), grounded({ relaxation: null }))],
    ['whose rate is constant as far as is known', 'escapeRate', cell(rate({ exponentiality: tested(0.002) }))],
    ['whose temperature is doubted, which has its own line', 'escapeRate', cell(rate(), doubt('temperature'))],
    ['of which only estimates are known', 'escapeRate', cell(rate(), { ground: undefined })],
    ['as a mean of replicas', 'escape', cell({ escape: estimate(1e-9, { method: 'replicas' }) })],
  ])('%s', (_, name, given) => {
    expect(barrierFaults(name, [given])).toEqual([])
  })

  it.each<[string, string, GroundedCell, RegExp, RegExp]>([
    [
      'a doubt',
      'escapeRate',
      cell(rate(), doubt('control')),
      /control gives the verdict doubtful \(for this test\)/,
      /do it/,
    ],
    [
      'another event',
      'escapeRate',
      cell({ ...rate(), escape: estimate(0.1, { event: 'escape before converging' }) }),
      /not a first exit/,
      /afterConverge: continue/,
    ],
    [
      'a start at a saddle',
      'escapeRate',
      cell(rate(), grounded({ fault: { text: 'no minimum', hint: 'start at one' } })),
      /^cell 3: no minimum$/,
      /start at one/,
    ],
    ['saturation', 'escape', cell(escape(0.21)), /many trials escape \(21 % in cell 3\)/, /log\(escapeRate\)/],
    [
      'saturation by another exit',
      'exit:up',
      cell({ 'exit:up': estimate(0.01), escape: estimate(0.9) }),
      /many trials escape \(90 %/,
      /log\(escapeRate\)/,
    ],
    ['a rate of nearly a step', 'escapeRate', cell(rate({}, 0.3)), /in a single step \(30 %/, /--where/],
    [
      'a short horizon',
      'escapeRate',
      cell(rate(), grounded({ horizon: 199 })),
      /need about 20 steps to forget their start, so the start affects too many of the 199 steps in which/,
      /rate: \{after: 20\}/,
    ],
    [
      'a short horizon of a probability',
      'escape@150',
      cell({ 'escape@150': estimate(0.1) }),
      /too many of the 150 steps/,
      /after/,
    ],
    [
      'a high start',
      'escapeRate',
      cell(rate(), far),
      /at the minimum \(by 1\.2 times the temperature in cell 3\)/,
      /rate: \{after: 20\}/,
    ],
    [
      'a high start that is not quite forgotten',
      'escapeRate',
      cell(rate({ after: 19 }), far),
      /above the loss at the minimum/,
      /start at the minimum/,
    ],
    ['random starts', 'escape', cell(escape(0.1), grounded({ height: null })), /do not all start/, /start at/],
    [
      'a rate that changes',
      'escapeRate',
      cell(rate({ exponentiality: tested(9e-4) })),
      /the hazard rate changes/,
      /rate: \{after: 20\}/,
    ],
    [
      'a probability whose rate changes, where nothing else is known',
      'escape',
      cell(escape(0.1, rate({ exponentiality: tested(1e-6) })), grounded({ relaxation: null })),
      /the hazard rate changes/,
      /--where/,
    ],
  ])('not with %s', (_, name, given, text, hint) => {
    const [fault, ...others] = barrierFaults(name, [given])
    expect(others).toEqual([])
    expect(fault!.text).toMatch(text)
    expect(fault!.hint).toMatch(hint)
  })

  it('cells with one reason are told of together, those without are not', () => {
    const cells = [0.1, 0.3, 0.05, 0.6].map((value, index) => ({ ...cell(escape(value)), index }))
    expect(
      barrierFaults('escape', [...cells, { ...cell(escape(0.1), far), index: 7 }]).map(({ text }) => text),
    ).toEqual([
      expect.stringMatching(/^cells 1, 3: many trials escape \(30 % in cell 1\)/),
      expect.stringMatching(/^cell 7: the loss at the start is above/),
    ])
  })

  it('the level of the test is shared among the cells', () => {
    const cells = [0, 1].map((index) => ({ ...cell(rate({ exponentiality: tested(6e-4) })), index }))
    expect(barrierFaults('escapeRate', cells)).toEqual([])
    expect(barrierFaults('escapeRate', cells.slice(1))).toHaveLength(1)
  })
})

describe('theory', () => {
  const theory = { height: 0.25, coldest: 0.04, hottest: 0.05 }
  it.each<[string, number, number, boolean]>([
    // Theory 0.25 +- 0.008; limits of 0.01 at 95 % are 0.0168 at 99.9 %.
    ['agrees', 0.25, 0.01, false],
    ['agrees within both errors', 0.2255, 0.01, false],
    ['contradicts a lower barrier', 0.225, 0.01, true],
    ['contradicts a higher one', 0.275, 0.01, true],
    ['says nothing of a barrier that is hardly known', 0.1, 0.2, false],
  ])('%s', (_, value, half, expected) => {
    const fault = contradicts({ value, low: value - half, high: value + half }, theory)
    expect(fault !== null).toBe(expected)
    if (expected) expect(fault!.text).toMatch(/^theory gives a barrier of 0\.25 \+- 0\.008, but the fit gives 0\.2/)
  })
})
