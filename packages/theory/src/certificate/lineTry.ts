// @ts-nocheck
import { readFileSync } from 'node:fs'
import { parseSweep } from '@driftfarm/spec'
import { additiveChain } from '../chain.ts'
import { derivativesOf } from '../interval/derivatives.ts'
import { certificateOf } from './certificate.ts'
const g = JSON.parse(readFileSync('/work/shared/ground-truth.json', 'utf8'))
export function ask(more) {
  const spec = { version: 1, name: 'one', trials: 1, ...more }
  const { cell, data } = parseSweep(JSON.stringify(spec), { fileName: 'one' }).cell(0)
  const d = derivativesOf(cell.landscape, data)
  return certificateOf({ cell, data, chain: additiveChain(cell, data), derivatives: 'reason' in d ? null : d, start: cell.start.point })
}
const rows = []
for (const { eta, sigma, N, p_escape } of g.a_double_well_escape.rows)
  rows.push(['a', { landscape: { formula: { expression: '(x^2-1)^2/4', variables: ['x'] } }, start: [-1], update: { rule: 'gradient', eta, drift: { form: 'additive', law: 'gaussian', sigma } }, trial: { steps: N, escape: 'x >= 0' } }, p_escape])
for (const { d, eta, sigma, N, x0_norm, p_exit } of g.b_quadratic_ball_exit.rows)
  if (d === 1) rows.push(['b', { landscape: { formula: { expression: 'x^2/2', variables: ['x'] } }, start: [x0_norm], update: { rule: 'gradient', eta, drift: { form: 'additive', law: 'gaussian', sigma } }, trial: { steps: N, escape: { outside: { radius: 1, of: [0] } } } }, p_exit])
for (const { rho, s, N, x0, p_exit } of g.g_heavy_tail.rows)
  rows.push(['g', { landscape: { formula: { expression: 'x^2/2', variables: ['x'] } }, start: [x0], update: { rule: 'gradient', eta: 1 - rho, drift: { form: 'additive', law: 'cauchy', sigma: s / (1 - rho) } }, trial: { steps: N, escape: 'abs(x) >= 1' } }, p_exit])
for (const { eta, sigma, N, p_escape } of g.k_fnn_1d.rows)
  if (typeof N === 'number') rows.push(['k', { landscape: { formula: { expression: '((tanh(3*w)+0.9)^2+(tanh(0.5*w)-0.9)^2+(tanh(0.4*w)-0.8)^2)/6+0.005*w^2', variables: ['w'] } }, start: [1.99584875287745391], update: { rule: 'gradient', eta, drift: { form: 'additive', law: 'gaussian', sigma } }, trial: { steps: N, escape: 'w <= 0.642667249722139555' } }, p_escape])
const sched = [[0.1, { exponential: { initial: 2, rate: 0.97 } }], [0.1, { exponential: { initial: 1, rate: 0.98 } }], [{ power: { initial: 0.2, offset: 10, exponent: 1 } }, 1], [0.1, { power: { initial: 2, offset: 1, exponent: 0.5 } }]]
g.f_annealed.rows.forEach(({ N, p_escape }, i) => rows.push(['f', { landscape: { formula: { expression: '(x^2-1)^2/4', variables: ['x'] } }, start: [-1], update: { rule: 'gradient', eta: sched[i][0], drift: { form: 'additive', law: 'gaussian', sigma: sched[i][1] } }, trial: { steps: N, escape: 'x >= 0' } }, p_escape]))
const only = process.argv[2]
for (const [name, spec, p] of rows) {
  if (only && only !== name) continue
  if (!(p > 1e-13) || typeof spec.trial.steps !== 'number') continue
  const t = performance.now()
  const c = ask(spec)
  console.log(name, JSON.stringify(spec.update.eta), JSON.stringify(spec.update.drift.sigma), spec.start[0], spec.trial.steps, p.toExponential(4), (c.escape / p).toFixed(4), JSON.stringify(c), (performance.now() - t).toFixed(0))
}
