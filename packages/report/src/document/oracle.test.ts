import { expect, test } from 'vitest'
import { documents } from '../documents.generated.ts'
import { issuesOf, read } from '../fixtures/issues.ts'
import { envelope } from './define.ts'
import { oracleParts, renderOracle } from './oracle.ts'

const origin = { index: 3, id: '0'.repeat(32), params: { 'update.eta': 0.1 } }
const oracleCell = (...[at, ...given]: [typeof origin, ...Parameters<typeof oracleParts>]) => ({
  ...at,
  ...oracleParts(...given),
})
const chain = { dimension: 1, law: 'gaussian', beta: null, eta: 0.1, scale: 0.1, temperature: 0.05 }

test('an answer has the digits that its error allows', () => {
  const cell = oracleCell(
    origin,
    {
      chain,
      answers: [
        { name: 'escape', value: 0.01949055129968965, error: 2e-9, method: 'nystrom' },
        { name: 'rate', value: 1.4952789121475863e-5, error: 3e-4, method: 'nystrom-gth' },
        { name: 'meanExitStep', value: 4168.939283315816, error: 1e-13, method: 'nystrom-gth' },
        { name: 'diverge', value: 0, error: 1e-20, method: 'nystrom' },
      ],
      missing: [{ name: 'mark:near', reason: 'it is too far' }],
    },
    [],
  )
  const text = renderOracle(cell)
  expect(text).toContain('cell 3 (update.eta=0.1): one dimension, gaussian drift, eta 0.1, s 0.1, T 0.05')
  expect(text).toMatch(/escape +0\.019490551 +2e-9/)
  expect(text).toMatch(/rate +1\.50e-5 /)
  expect(text).toMatch(/meanExitStep +4168\.939283316/)
  expect(text).toMatch(/diverge +0 +1e-20/)
  expect(text).toContain('mark:near is not known: it is too far')
})

test('a refusal gives its reason', () => {
  const cell = oracleCell(origin, { reason: 'the rule is adam, not gradient' }, [])
  expect(renderOracle(cell)).toBe('cell 3 (update.eta=0.1): no exact answer: the rule is adam, not gradient\n')
})

test('a chain of finitely many points reports their number and that errors are from rounding', () => {
  const one = { name: 'escape', value: 0.25, error: 1e-14, method: 'finite' } as const
  const render = (finite: object, law: string, temperature: number | null = null) => {
    const found = { ...chain, law, temperature, finite: { form: 'flip', points: 11, apart: 0, ...finite } as const }
    const cell = oracleCell(origin, { chain: found, answers: [one], missing: [] }, [])
    const document = read(envelope('Oracle', { sweep: { name: 'lattice' }, cells: [cell] }))
    expect(issuesOf(documents.Oracle, document)).toEqual([])
    return renderOracle(cell)
  }
  const flip = render({}, 'flip')
  expect(flip).toContain(': one dimension, flip drift, eta 0.1, q 0.1, 11 points\n')
  expect(flip).toContain('error: relative rounding error')
  expect(render({ form: 'none' }, 'none')).toContain(', no drift, eta 0.1, 11 points')
  expect(render({ form: 'additive' }, 'rademacher', 0.05)).toContain(
    'rademacher drift, eta 0.1, s 0.1, T 0.05, 11 points',
  )
  expect(render({ form: 'rate', apart: 3e-16 }, 'rademacher')).toContain(
    'rate rademacher drift, eta 0.1, sigma 0.1, 11 points (after merging points up to 3e-16 apart)',
  )
})

test('laws are below the answers, with their errors and assumptions', () => {
  const kramers = {
    applies: true,
    quantities: {
      barrier: { value: 0.25, unit: 'loss' },
      ratePerStep: { value: 1.2e-4, unit: 'per step' },
      meanExitStep: { value: Number.POSITIVE_INFINITY, unit: 'steps' },
      probability: { value: 0.01, unit: '' },
    },
    conditions: ['T << barrier: barrier/T = 20', `the start is ${'far '.repeat(30)}below the saddle`],
    error: 'relative, of order T/dL',
    source: 'Kramers 1940',
  } as const
  const reason = 'the drift is gaussian, whose tails are no power'
  const answers = [
    { name: 'escape', value: 0.0125, error: 1e-12, method: 'nystrom' },
    { name: 'rate', value: 1e-4, error: 1e-12, method: 'nystrom' },
    { name: 'meanExitStep', value: 1e4, error: 1e-12, method: 'nystrom' },
  ] as const
  const cell = oracleCell(origin, { chain, answers, missing: [] }, [
    { name: 'eyring-kramers', ...kramers },
    { name: 'discrete-kramers', ...kramers },
    { name: 'heavy-tail', applies: false, reason },
  ])
  const text = renderOracle(cell)
  expect(text).toMatch(/^eyring-kramers +barrier +0\.25 +loss$/m)
  expect(text).toMatch(/^ +ratePerStep +1\.2000e-4 +per step +\+20 %$/m)
  expect(text).toMatch(/^ +meanExitStep +Infinity +steps$/m)
  expect(text).toMatch(/^ +probability +0\.01 +-20 %$/m)
  expect(text).toContain('\neyring-kramers, discrete-kramers:\n  T << barrier: barrier/T = 20\n  the start is far')
  expect(text).toContain('\neyring-kramers error: relative, of order T/dL\n')
  expect(text).toContain('\nheavy-tail does not apply: the drift is gaussian, whose tails are no power\n')
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)

  const document = read(envelope('Oracle', { sweep: { name: 'wells' }, cells: [cell] }))
  expect(issuesOf(documents.Oracle, document)).toEqual([])
  document.data.cells[0].laws[2].reason = 3
  expect(issuesOf(documents.Oracle, document)).not.toEqual([])
})
