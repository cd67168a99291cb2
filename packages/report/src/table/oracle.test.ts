import { expect, test } from 'vitest'
import { oracleCell } from '../document/oracle.ts'
import { renderOracle } from './renderOracle.ts'

const origin = { index: 3, id: '0'.repeat(32), params: { 'update.eta': 0.1 } }
const chain = { dimension: 1, law: 'gaussian', beta: null, eta: 0.1, scale: 0.1, temperature: 0.05 }

test('an answer has the digits that its error allows', () => {
  const cell = oracleCell(origin, {
    chain,
    answers: [
      { name: 'escape', value: 0.01949055129968965, error: 2e-9, method: 'nystrom' },
      { name: 'rate', value: 1.4952789121475863e-5, error: 3e-4, method: 'nystrom-gth' },
      { name: 'meanExitStep', value: 4168.939283315816, error: 1e-13, method: 'nystrom-gth' },
      { name: 'diverge', value: 0, error: 1e-20, method: 'nystrom' },
    ],
    missing: [{ name: 'mark:near', reason: 'it is too far' }],
  })
  const text = renderOracle(cell)
  expect(text).toContain('cell 3 (update.eta=0.1): one dimension, gaussian drift, eta 0.1, s 0.1, T 0.05')
  expect(text).toMatch(/escape +0\.019490551 +2e-9/)
  expect(text).toMatch(/rate +1\.50e-5 /)
  expect(text).toMatch(/meanExitStep +4168\.939283316/)
  expect(text).toMatch(/diverge +0 +1e-20/)
  expect(text).toContain('mark:near: not known: it is too far')
})

test('a refusal says its reason', () => {
  const cell = oracleCell(origin, { reason: 'the rule is adam, not gradient' })
  expect(renderOracle(cell)).toBe('cell 3 (update.eta=0.1): no exact answer: the rule is adam, not gradient\n')
})
