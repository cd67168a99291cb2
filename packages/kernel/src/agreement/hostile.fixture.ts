/** A spec as its text would be read; only what a hostile one changes is given. */
type Part = Readonly<Record<string, unknown>>

const repeat = (count: number, between: string, part: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i + 1)).join(between)

const nest = (times: number, around: (inside: string, i: number) => string, inside = 'x') =>
  Array.from({ length: times }).reduce<string>((text, _, i) => around(text, i), inside)

const names = (count: number) => Array.from({ length: count }, (_, i) => `v${i}`)

interface Changes {
  readonly variables?: readonly string[]
  readonly dimension?: number
  readonly landscape?: Part
  readonly formula?: Part
  readonly update?: Part
  readonly trial?: Part
  readonly rest?: Part
}

/** A spec of one formula, four trials of five steps. */
export function hostileSpec(expression: string, changes: Changes = {}): Part {
  const { variables = changes.dimension === undefined ? ['x'] : undefined, dimension } = changes
  const shape = variables === undefined ? { dimension } : { variables }
  return {
    version: 1,
    name: 'hostile',
    landscape: changes.landscape ?? { formula: { ...shape, expression, ...changes.formula } },
    start: new Array(variables?.length ?? dimension).fill(0.5),
    update: { eta: 0.001, drift: { sigma: 1 }, ...changes.update },
    trial: { steps: 5, escape: 'loss > 1e9', ...changes.trial },
    trials: 4,
    ...changes.rest,
  }
}

const flat = { variables: ['x', 'y'] }
const indexed = (dimension: number) => ({ dimension })
const functions = ['sin', 'exp', 'tanh', 'sigmoid', 'erf', 'acos', 'log', 'softplus', 'sqrt', 'atan'] as const

/** A network of one hidden layer written as a formula, with weights of their own names. */
function network(inputs: number, hidden: number): Part {
  const variables = [
    ...Array.from({ length: inputs * hidden }, (_, i) => `w${i}`),
    ...Array.from({ length: hidden }, (_, i) => `b${i}`),
    ...Array.from({ length: hidden }, (_, i) => `c${i}`),
  ]
  const unit = (h: number) => `c${h}*tanh(b${h} + ${repeat(inputs, ' + ', (i) => `w${h * inputs + i - 1}*u${i}`)})`
  const columns = Object.fromEntries(
    Array.from({ length: inputs + 1 }, (_, i) => [i === 0 ? 't' : `u${i}`, [0.1 * i, 0.3, -0.2 * i, 0.7]]),
  )
  const expression = `(t - (${repeat(hidden, ' + ', (h) => unit(h - 1))}))^2`
  return hostileSpec(expression, { variables, formula: { data: { columns } }, trial: { escape: 'distance > 2' } })
}

const cosines = (count: number) => repeat(count, ' + ', (k) => `cos(${k}*x)`)

/** Formulas, events, rules and numbers that ask for trouble, by name: each as a whole spec. */
export const hostileSpecs: Readonly<Record<string, () => Part>> = {
  // Many nodes.
  'a sum of 9,800 nodes': () =>
    hostileSpec(
      repeat(1400, ' + ', (k) => `sin(${k}*x)*y`),
      flat,
    ),
  'a sum of 9,800 nodes, x[i]': () =>
    hostileSpec(
      repeat(950, ' + ', (k) => `sin(${k}*x[1])*x[2]`),
      indexed(2),
    ),
  'a sum of 9,800 nodes in 8 coordinates': () =>
    hostileSpec(
      repeat(950, ' + ', (k) => `sin(${k}*x[${(k % 8) + 1}])*x[${((k * 3) % 8) + 1}]`),
      indexed(8),
    ),
  'a sum of 1,600 monomials': () =>
    hostileSpec(
      repeat(1600, ' + ', (k) => `x^${(k % 60) + 1}*y`),
      flat,
    ),
  'a sum of 1,999 exponentials': () => hostileSpec(repeat(1999, ' + ', (k) => `exp(x/${k})`)),
  'a sum of 1,600 powers': () => hostileSpec(repeat(1600, ' + ', (k) => `abs(x)^${k}.5`)),
  'a product of 2,000 factors': () => hostileSpec(repeat(2000, '*', (k) => `(x + ${k})`)),
  'a product of 1,200 factors in 8 coordinates': () =>
    hostileSpec(
      repeat(1200, '*', (k) => `(x[${(k % 8) + 1}] + ${k})`),
      indexed(8),
    ),
  'a product of 200 factors in 8 coordinates': () =>
    hostileSpec(
      repeat(200, '*', (k) => `(x[${(k % 8) + 1}] + ${k})`),
      indexed(8),
    ),
  'a product of 600 sines': () =>
    hostileSpec(
      repeat(600, '*', (k) => `sin(${k}*x + y)`),
      flat,
    ),
  'a quotient of products': () =>
    hostileSpec(`(${repeat(600, '*', (k) => `(x + ${k})`)})/(${repeat(600, '*', (k) => `(y + ${k})`)})`, flat),
  'a chain of 1,200 quotients': () => hostileSpec(repeat(1200, '/', (k) => `(x^2 + ${k})`)),
  'a sum of 1,200 quotients': () =>
    hostileSpec(
      repeat(1200, ' + ', (k) => `x/(y^2 + ${k})`),
      flat,
    ),
  'a sum of 70 products of 70 factors': () =>
    hostileSpec(
      repeat(70, ' + ', (j) => repeat(35, '*', (k) => `(x + ${j * k})`)),
      flat,
    ),
  'a thousand coordinates, a sum over pairs': () =>
    hostileSpec(
      repeat(1000, ' + ', (k) => `v${k - 1}*v${(7 * k) % 1000}`),
      { variables: names(1000) },
    ),
  'a thousand coordinates, the square of their sum': () =>
    hostileSpec(`(${names(1000).join(' + ')})^2`, { variables: names(1000) }),
  'a thousand coordinates, their product': () => hostileSpec(names(1000).join('*'), { variables: names(1000) }),
  'a thousand coordinates, a sine of their sum': () =>
    hostileSpec(`sin(${names(1000).join(' + ')})`, { variables: names(1000) }),
  '1,400 coordinates, squares': () =>
    hostileSpec(
      repeat(1400, ' + ', (k) => `(v${k - 1} - ${k})^2`),
      { variables: names(1400) },
    ),

  // Deep nests.
  ...Object.fromEntries(
    functions.map((name) => [`240 nested ${name}`, () => hostileSpec(nest(240, (inside) => `${name}(${inside})`))]),
  ),
  '240 nested functions of all kinds': () =>
    hostileSpec(nest(240, (inside, i) => `${functions[i % functions.length]}(${inside})`)),
  '120 nested functions with factors': () =>
    hostileSpec(
      nest(120, (inside, i) => `sin(${inside}*y + ${i})`),
      flat,
    ),
  'a continued fraction 240 deep': () => hostileSpec(nest(240, (inside) => `1/(x + ${inside})`)),
  '60 nested quotients': () =>
    hostileSpec(
      nest(60, (inside) => `(y/(1 + (${inside})^2))`),
      flat,
    ),
  '240 powers of powers': () => hostileSpec(nest(240, (inside) => `(${inside})^x`)),
  '240 powers with a root': () => hostileSpec(nest(120, (inside) => `(${inside} + 1)^0.3`)),
  'a tower of powers': () => hostileSpec(repeat(240, '^', () => 'x')),
  'a square of a square, 11 times': () => hostileSpec(nest(11, (inside) => `(${inside})*(${inside} + 1)`)),
  'a square of a square, 11 times, f(f + y)': () =>
    hostileSpec(
      nest(11, (inside) => `(${inside})*((${inside}) + y)`),
      flat,
    ),
  'sines of sines twice, 10 times': () => hostileSpec(nest(10, (inside) => `sin(${inside})*cos(${inside})`)),
  '240 nested minima': () =>
    hostileSpec(
      nest(240, (inside, i) => `min(${inside}, y*${i + 1})`),
      flat,
    ),
  'minima and maxima, doubled 10 times': () =>
    hostileSpec(
      nest(10, (inside, i) => `min(max(${inside}, y + ${i}), ${inside})`),
      flat,
    ),
  '240 nested absolute values': () => hostileSpec(nest(240, (inside, i) => `abs(${inside} - ${i})`)),
  '100,000 brackets': () => hostileSpec(`${'('.repeat(100_000)}x${')'.repeat(100_000)}`),
  '50,000 signs': () => hostileSpec(`${'-'.repeat(50_000)}x`),
  'more than 10,000 nodes': () => hostileSpec(repeat(4000, ' + ', (k) => `${k}*x`)),

  // Numbers and domains.
  'a division by zero': () => hostileSpec('1/(x - x)'),
  'a logarithm of a negative number': () => hostileSpec('log(-1 - x^2)'),
  'the power 1,000,000': () => hostileSpec('x^1000000'),
  'the powers 63 and 64': () => hostileSpec(repeat(700, ' + ', (k) => `(x + ${k})^${63 + (k % 2)}`)),
  'the power 0.1': () => hostileSpec('x^0.1'),
  'numbers of 300 digits': () => hostileSpec(repeat(1000, ' + ', (k) => `${'9'.repeat(300)}*x^${k}`)),

  // Sums over indices.
  'a sum of a million terms': () => hostileSpec('sum(i, 1, 1000000, sin(i*x))'),
  'a product of a million factors': () => hostileSpec('prod(i, 1, 1000000, 1 + x/i)'),
  'a sum of a million terms of x[1]': () => hostileSpec('sum(i, 1, 1000000, sin(i*x[1]))', indexed(1)),
  'sums in sums, 10^8 terms': () => hostileSpec('sum(i, 1, 10000, sum(j, 1, 10000, i*j*x))'),
  'neighbours in 10,000 coordinates': () =>
    hostileSpec('sum(i, 1, d - 1, (x[i+1] - x[i])^2 + sin(x[i]))', indexed(10_000)),
  'three sums in 20 coordinates': () =>
    hostileSpec('sum(i, 1, d, sum(j, 1, d, sum(k, 1, d, sin(x[i]*x[j]*x[k]))))', indexed(20)),
  'three sums in 400 coordinates': () =>
    hostileSpec('sum(i, 1, d, sum(j, 1, d, sum(k, 1, d, sin(x[i]*x[j]*x[k]))))', indexed(400)),
  'four sums in 90 coordinates': () =>
    hostileSpec('sum(i, 1, d, sum(j, 1, d, sum(k, 1, d, sum(l, 1, d, x[i]*x[j]*x[k]*x[l]))))', indexed(90)),
  'four sums in 300 coordinates': () =>
    hostileSpec('sum(i, 1, d, sum(j, 1, d, sum(k, 1, d, sum(l, 1, d, x[i]*x[j]*x[k]*x[l]))))', indexed(300)),
  'pairs of 5,000 coordinates': () => hostileSpec('sum(i, 1, d, sum(j, 1, d, (x[i] - x[j])^2))', indexed(5000)),
  'a product of products in 20 coordinates': () =>
    hostileSpec('prod(i, 1, d, prod(j, 1, d, 1 + x[i]*x[j]))', indexed(20)),
  'four products in 8 coordinates': () =>
    hostileSpec('prod(i, 1, d, prod(j, 1, d, prod(k, 1, d, prod(l, 1, d, 1 + x[i]*x[j]*x[k]*x[l]))))', indexed(8)),
  'a product of products in 300 coordinates': () =>
    hostileSpec('prod(i, 1, d, prod(j, 1, d, 1 + x[i]*x[j]))', indexed(300)),
  'a hundred sums in 100 coordinates': () =>
    hostileSpec(
      repeat(300, ' + ', (k) => `sum(i, 1, d, sin(${k}*x[i]))`),
      indexed(100),
    ),
  '120 nested sums of two terms': () => hostileSpec(nest(120, (inside, i) => `sum(i${i}, 1, 2, ${inside} + x*i${i})`)),
  '20 nested sums of two terms': () => hostileSpec(nest(20, (inside, i) => `sum(i${i}, 1, 2, ${inside} + x*i${i})`)),
  'a sum of 9,000 nodes in 100 coordinates': () =>
    hostileSpec(
      repeat(1000, ' + ', (k) => `sin(${k}*x[${(k % 100) + 1}])*x[${((3 * k) % 100) + 1}]`),
      indexed(100),
    ),
  'a sum of 9,000 nodes in 10,000 coordinates': () =>
    hostileSpec(
      repeat(1000, ' + ', (k) => `sin(${k}*x[${k * 9}])*x[${k * 7}]`),
      indexed(10_000),
    ),

  // Over data.
  'a formula of 8,800 nodes over data': () =>
    hostileSpec(
      repeat(800, ' + ', (k) => `sin(${k}*x*u)*y*v`),
      {
        ...flat,
        formula: { data: { columns: { u: [1, 2, 3], v: [0.1, 0.2, 0.3] } } },
      },
    ),
  'a product of 600 factors over data': () =>
    hostileSpec(
      repeat(600, '*', (k) => `(x*u + ${k}*y)`),
      {
        ...flat,
        formula: { data: { columns: { u: [1, 2, 3] } } },
      },
    ),
  'a network of 8 and 16 units as a formula': () => network(8, 16),
  'a network of 20 and 60 units as a formula': () => network(20, 60),
  'a network of 784, 128 and 10 units': () =>
    hostileSpec('', {
      dimension: 1,
      landscape: {
        network: {
          layers: [2, 24_000, 1],
          activation: 'tanh',
          data: { preset: 'xor' },
        },
      },
      trial: { escape: 'distance > 2' },
      rest: { start: { init: 'xavier' } },
    }),
  'a network of 60 layers': () =>
    hostileSpec('', {
      landscape: { network: { layers: [2, ...new Array(60).fill(3), 1], activation: 'tanh', data: { preset: 'xor' } } },
      trial: { escape: 'distance > 2' },
      rest: { start: { init: 'xavier' } },
    }),

  // Events, rules and numbers.
  'an escape of 9,800 nodes': () =>
    hostileSpec('x^2', { trial: { escape: `${repeat(1400, ' + ', (k) => `sin(${k}*x)*x`)} > 1e9` } }),
  'a convergence of 9,800 nodes': () =>
    hostileSpec('x^2', { trial: { converge: { when: `${repeat(1400, ' + ', (k) => `sin(${k}*x)*x`)} > 1e9` } } }),
  '1,600 conditions': () => hostileSpec('x^2', { trial: { escape: repeat(1600, ' || ', (k) => `x > ${k + 5}`) } }),
  '250 marks of 200 nodes': () =>
    hostileSpec('x^2', {
      trial: {
        marks: Object.fromEntries(
          Array.from({ length: 250 }, (_, m) => [`m${m}`, `${repeat(30, ' + ', (k) => `sin(${k + m}*x)*x`)} > ${m}`]),
        ),
      },
    }),
  '250 exits': () =>
    hostileSpec('x^2', {
      trial: {
        escape: Object.fromEntries(Array.from({ length: 250 }, (_, m) => [`m${m}`, `${cosines(20)} > ${m + 30}`])),
      },
    }),
  '1,000 classes of 120 nodes': () =>
    hostileSpec('x^2', {
      trial: {
        classify: Object.fromEntries(
          Array.from({ length: 1000 }, (_, m) => [`m${m}`, `${repeat(20, ' + ', (k) => `sin(${k + m}*x)*x`)} > ${m}`]),
        ),
      },
    }),
  '25 marks of 9,800 nodes': () =>
    hostileSpec('x^2', {
      trial: {
        marks: Object.fromEntries(
          Array.from({ length: 25 }, (_, m) => [`m${m}`, `${repeat(1400, '+', (k) => `sin(${k + m}*x)*x`)} > ${m}`]),
        ),
      },
    }),
  '16 drifts when 6,000 nodes': () =>
    hostileSpec('x^2', {
      update: {
        drift: Array.from({ length: 16 }, (_, m) => ({
          sigma: 1,
          when: `${repeat(1000, ' + ', (k) => `sin(${k + m}*x)*x`)} > ${m}`,
        })),
      },
    }),
  'a rule of 9,800 nodes': () =>
    hostileSpec('x^2', {
      update: {
        rule: { custom: { step: { theta: `theta - 0.0001*(${repeat(1400, ' + ', (k) => `sin(${k}*g)*eta`)})` } } },
      },
    }),
  'a rule of 16 states of 600 nodes in 8 coordinates': () =>
    hostileSpec('sum(i, 1, d, x[i]^2)', {
      ...indexed(8),
      update: {
        rule: {
          custom: {
            state: Object.fromEntries(Array.from({ length: 16 }, (_, s) => [`s${s}`, 0])),
            step: {
              ...Object.fromEntries(
                Array.from({ length: 16 }, (_, s) => [`s${s}`, repeat(100, ' + ', (k) => `sin(${k + s}*g)*s${s}`)]),
              ),
              theta: 'theta - eta*s1',
            },
          },
        },
      },
    }),
  'a rule with a tower of powers': () =>
    hostileSpec('x^2', {
      update: { rule: { custom: { step: { theta: `theta - eta*g*0.5^(${repeat(200, '^', () => 'n')})` } } } },
    }),
  'a schedule of 9,800 nodes': () =>
    hostileSpec('x^2', {
      update: { eta: { expression: `0.001 + 0*(${repeat(1400, ' + ', (k) => `sin(${k}*n)*n`)})` } },
    }),
  'a schedule of 240 nested exponentials': () =>
    hostileSpec('x^2', {
      update: { eta: { expression: `0.001*(${nest(240, (inside) => `tanh(${inside})`, 'n')} + 1)` } },
    }),
  'a schedule of 10,000 points': () =>
    hostileSpec('x^2', {
      update: { eta: { piecewise: Array.from({ length: 10_000 }, (_, k) => [k * 3, 0.001 + k * 1e-9]) } },
    }),
  '16 schedules of 1,000 points': () =>
    hostileSpec('x^2', {
      update: {
        drift: Array.from({ length: 16 }, (_, s) => ({
          sigma: { piecewise: Array.from({ length: 1000 }, (_, k) => [k * 3, 0.001 + s * k * 1e-9]) },
        })),
      },
    }),
  'a number of 9,800 nodes': () =>
    hostileSpec('x^2', { update: { eta: `= 0.001 + 0*(${repeat(1400, ' + ', (k) => `sin(${k})*1`)})` } }),
  'a condition on cells of 9,800 nodes': () =>
    hostileSpec('x^2', {
      rest: {
        sweep: { 'update.eta': { from: 0.001, to: 0.1, count: 300 } },
        where: `${repeat(1400, ' + ', (k) => `sin(${k}*eta)*0`)} < 1`,
      },
    }),
}
