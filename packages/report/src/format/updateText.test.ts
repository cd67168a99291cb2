import { parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { updateFormulas } from './updateText.ts'

const formulas = (update: string) => {
  const text =
    'version: 1\nname: a\nlandscape: { preset: banana }\nstart: { minimum: left }\ntrial: { steps: 9 }\ntrials: 1\n'
  return updateFormulas(parseSweep(`${text}update: ${update}`, { fileName: 'a' }).cell(0).cell.update)
}

test.each([
  ['{ eta: 1 }', ["g' = g", "theta' = theta - eta*g'"]],
  [
    '{ eta: 1, drift: { sigma: 2 } }',
    ["g' = g + sigma xi", "theta' = theta - eta*g'", 'xi: gaussian, standard deviation 1'],
  ],
  [
    '{ eta: 1, rule: momentum, beta: 0.9, drift: [{ law: cauchy, step: 2 }, { form: flip, q: 0.1, every: 3 }] }',
    [
      "g' = -g with probability q, every 3 steps",
      "v' = beta*v - eta*g'",
      "theta' = theta + v'",
      "theta' = theta' + step xi",
      'xi: cauchy, no standard deviation; half of all |xi| are below 1',
    ],
  ],
  [
    "{ eta: 1, rule: { custom: { state: { s: 1 }, step: { s: 's + g^2', theta: 'theta - eta*g/sqrt(s)' } } }, " +
      'drift: { law: uniform, isotropic: true, temperature: 1 } }',
    [
      "g' = g",
      "s' = s + g'^2",
      "theta' = theta - eta*g'/sqrt(s')",
      "theta' = theta' + sqrt(2 eta temperature) xi",
      'xi: uniform, standard deviation 1 in each coordinate, |xi| <= sqrt(d + 2)',
    ],
  ],
])('%s', (update, expected) => {
  expect(formulas(update)).toEqual(['g: gradient of the loss L at theta', ...expected])
})
