import type { Stopped } from '@driftfarm/statistics'
import type { Minima } from '@driftfarm/theory'
import { expect, test } from 'vitest'
import { envelope, jsonSchema, schemaName } from './document/define.ts'
import { minimaCell, minimaYaml, renderMinima } from './document/minima.ts'
import type { PlanData } from './document/plan.ts'
import { documents } from './documents.generated.ts'
import { issuesOf, read } from './fixtures/issues.ts'
import { results } from './fixtures/results.ts'

const plan: PlanData = {
  sweep: { id: 'b'.repeat(32), name: 'phase-map', seed: '1' },
  cells: 1000000,
  trials: '1000000000000000000',
  upperBound: false,
  batches: 12,
  cpuSeconds: 3.5,
  pilot: { cells: [0, 999999], trials: 128, cpuSeconds: 0.2 },
  done: { trials: '0', share: 0 },
  disk: { rows: 0, bytes: 7_000_000_000 },
  perCell: [
    {
      index: 0,
      id: 'c'.repeat(32),
      params: { 'update.eta': 0.1 },
      trials: 10,
      done: 0,
      reason: 'new: no trials are stored',
    },
  ],
  checks: [{ index: 0, checks: [{ name: 'stability', verdict: 'doubtful', text: 'beyond 2', hint: 'take less' }] }],
  findings: [{ name: 'stability', verdict: 'doubtful', text: 'beyond 2', hint: 'take less', cells: [0], count: 1 }],
}

test('a Results document matches its schema', () => {
  expect(issuesOf(documents.Results, envelope('Results', results, ['a warning']))).toEqual([])
  expect(results.findings.length).toBeGreaterThan(0)
})

test('the schema knows every rule that can end a cell', () => {
  const rules: readonly Stopped[] = [
    { rule: 'trials' },
    { rule: 'budget' },
    { rule: 'halfWidth', estimate: 'escape', halfWidth: 0.01 },
    { rule: 'gbas', estimate: 'escape', relative: 0.1, events: 385 },
    { rule: 'above', estimate: 'escape', above: 0.1, indifference: 0.1, decision: 'above' },
  ]
  const cells = rules.map((stopped) => ({ ...results.cells[0]!, stopped }))
  expect(issuesOf(documents.Results, envelope('Results', { ...results, cells }))).toEqual([])
  const { decision: _, ...undecided } = rules[4] as Extract<Stopped, { rule: 'above' }>
  const wrong = { ...results, cells: [{ ...results.cells[0]!, stopped: undecided as Stopped }] }
  expect(issuesOf(documents.Results, envelope('Results', wrong))).not.toEqual([])
})

test('a Plan document matches its schema', () => {
  expect(issuesOf(documents.Plan, envelope('Plan', plan))).toEqual([])
  const unknown: PlanData = { ...plan, batches: null, cpuSeconds: null, pilot: null }
  expect(issuesOf(documents.Plan, envelope('Plan', unknown))).toEqual([])
  const numbers = { trials: 9701, confidence: 0.95, width: 0.02, relative: 0.02 }
  const none = { trials: null, confidence: null, width: null, relative: null }
  const cells = [
    { index: 0, probability: 0.5, from: 'worst', ...numbers },
    { index: 1, probability: 0, from: 'stored', ...none },
  ] as const
  const sized: PlanData = { ...plan, sizing: { estimate: 'escape', sought: 'trials', cells } }
  expect(issuesOf(documents.Plan, envelope('Plan', sized))).toEqual([])
})

test('a Minima document matches its schema', () => {
  const share = { count: 3, value: 0.75, low: 0.1, high: 0.99 }
  const point = {
    point: [-1, 0],
    loss: 0,
    gradnorm: 1e-15,
    eigenvalues: [-2, 1],
    negative: 1,
    zero: 0,
    known: null,
    share,
    first: 0,
    damped: 0,
  }
  const found: Minima = {
    dimension: 2,
    descents: 4,
    descent: { eta: 0.1, gradient: 1e-6, steps: 100 },
    confidence: 0.95,
    tolerances: { gradient: 1e-9, eigenvalue: 1e-6, merge: 1e-6, flatLoss: 1e-4 },
    symmetry: '',
    minima: [{ ...point, name: 'm1', kind: 'minimum', known: 'left', eigenvalues: [1, 2], negative: 0 }],
    others: [
      { ...point, name: 's1', kind: 'saddle' },
      { ...point, name: 'u1', kind: 'unsettled', loss: Number.NaN, eigenvalues: null },
    ],
    diverged: { ...share, count: 0, value: 0 },
    unfinished: 1,
  }
  const cell = minimaCell(
    { index: 0, id: 'd'.repeat(32), params: { 'landscape.parameters.c': 1 }, start: 'uniform' },
    found,
  )
  const document = read(envelope('Minima', { sweep: { name: 'wells' }, cells: [cell] }))
  expect(issuesOf(documents.Minima, document)).toEqual([])
  document.data.cells[0].notMinima[0].kind = 'hill'
  expect(issuesOf(documents.Minima, document)).toEqual(['/data/cells/0/notMinima/0/kind: invalid_value'])
  const text = renderMinima(cell)
  expect(text).toContain('cell 0 (landscape.parameters.c=1): 4 noise-free descents from a uniform start, eta 0.1')
  expect(text).toMatch(/^m1 +left +0 +1e-15 +1 +2 +0\.75/m)
  expect(text).toMatch(/^s1 +saddle +0 +1e-15 +-2 +1 +1 +0 /m)
  expect(text).toMatch(/^u1 +unsettled +NaN +1e-15 +- +- +- +- /m)
  expect(text).toContain('1 of 4 descents ran out of steps')
  const yaml = 'minima:\n  m1: [-1, 0]\n'
  expect(minimaYaml(cell)).toBe(yaml)
  const { table } = documents.Minima
  const whole = `${text}\n# under landscape:\n${yaml}`
  expect(table({ sweep: { name: 'wells' }, cells: [cell, cell] })).toBe(`${whole}\n${whole}`)
  const large = { ...cell, dimension: 17 }
  expect(table({ sweep: { name: 'wells' }, cells: [large] })).toBe(renderMinima(large))
})

test('the validation finds errors', () => {
  const document = read(envelope('Results', results))
  document.data.sweep.seed = 20261124
  document.data.cells[0].estimates.escape.method = 'wald'
  document.data.cells[1].counts.extra = 1
  delete document.data.cells[2].digest
  expect(issuesOf(documents.Results, document)).toEqual([
    '/data/sweep/seed: invalid_type',
    '/data/cells/0/estimates/escape/method: invalid_format',
    '/data/cells/1/counts: unrecognized_keys extra',
    '/data/cells/2/digest: invalid_type',
  ])
})

test('a document that is read again equals the printed one, including infinite costs', () => {
  const again = documents.Results.shape.parse(read(envelope('Results', results)))
  expect(again).toEqual(envelope('Results', results))
  expect(results.cells[0]!.estimates['cost:m2']!.value).toBe(Number.POSITIVE_INFINITY)
})

/** Every part of a schema. */
function* partsOf(schema: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof schema !== 'object' || schema === null) return
  if (!Array.isArray(schema)) yield schema as Readonly<Record<string, unknown>>
  for (const part of Object.values(schema)) yield* partsOf(part)
}

test.each(Object.entries(documents))('the schema of %s is closed, and named after its kind', (kind, printed) => {
  const schema = jsonSchema(printed)
  expect([schema.$schema, schema.title, printed.kind]).toEqual([
    'https://json-schema.org/draft/2020-12/schema',
    kind,
    kind,
  ])
  const objects = [...partsOf(schema)].filter((part) => part.type === 'object' && 'properties' in part)
  expect(objects.length).toBeGreaterThan(0)
  const open = objects.filter((part) => part.additionalProperties !== false)
  // Only rows have further columns: numbers that the spec observes.
  expect(open.map(({ additionalProperties }) => typeof additionalProperties)).toEqual(kind === 'Rows' ? ['object'] : [])
})

test('schema files have the names of the contract', () => {
  expect([documents.WatchEvent, documents.DatabaseStatus, documents.Plan].map(schemaName)).toEqual([
    'watch-event',
    'database-status',
    'plan',
  ])
})
