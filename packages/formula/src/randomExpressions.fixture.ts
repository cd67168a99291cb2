import * as fc from 'fast-check'
import * as build from './build.ts'
import type { Expression } from './expression.ts'
import { functionArity } from './expression.ts'
import { constants, functionNames } from './names.ts'

/** Any literal there is, and the awkward ones often: -0, subnormals, huge ones, pi. */
const anyNumber = fc
  .oneof(
    fc.integer({ min: -12, max: 12 }),
    fc.constantFrom(-0, 0.5, -0.5, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, constants.get('pi')!, 64, 65),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  .map(build.number)

/** Literals among which nothing overflows soon. */
const mildNumber = fc
  .oneof(fc.integer({ min: -4, max: 4 }), fc.constantFrom(0.5, -0.25, 1.5, 3.7, -2.3, 0.1))
  .map(build.number)

interface Ingredients {
  readonly number: fc.Arbitrary<Expression>
  readonly leaf: fc.Arbitrary<Expression>
  readonly functions: readonly (keyof typeof functionArity)[]
  readonly exponents: fc.Arbitrary<Expression>
  readonly reduces: boolean
}

function numeric(
  { number, leaf, functions, exponents, reduces }: Ingredients,
  maxDepth: number,
): fc.Arbitrary<Expression> {
  return fc.letrec<{ tree: Expression }>((tie) => {
    const tree = tie('tree')
    const branches = [
      fc
        .tuple(fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const), tree, tree)
        .map((p) => build.binary(...p)),
      fc.tuple(fc.constantFrom('+' as const, '*' as const), tree, tree).map((p) => build.binary(...p)),
      tree.map(build.negate),
      fc.tuple(tree, exponents).map((p) => build.raise(...p)),
      fc
        .tuple(fc.constantFrom(...functions), tree, tree)
        .map(([word, a, b]) => (functionArity[word] === 1 ? build.call(word, a) : build.call(word, a, b))),
    ]
    const sums = fc
      .tuple(
        fc.constantFrom('sum' as const, 'prod' as const),
        fc.constantFrom('i', 'j'),
        fc.integer({ min: -1, max: 2 }),
        fc.integer({ min: 0, max: 3 }),
        tree,
      )
      .map(([operator, index, from, to, body]) =>
        build.reduce(operator, index, build.number(from), build.number(to), body),
      )
    if (reduces) branches.push(sums)
    return { tree: fc.oneof({ maxDepth, withCrossShrink: true }, leaf, number, ...branches) }
  }).tree
}

const names = fc.constantFrom('x', 'y', 'theta_1', 'c', 'i').map(build.name)
const elements = fc
  .tuple(
    fc.constantFrom('x', 'w'),
    fc.oneof(fc.constantFrom('i', 'j').map(build.name), fc.integer({ min: 1, max: 9 }).map(build.number)),
  )
  .map((p) => build.element(...p))

const anyNumeric = numeric(
  {
    number: anyNumber,
    leaf: fc.oneof(names, elements),
    functions: functionNames,
    exponents: fc.oneof(anyNumber, names),
    reduces: true,
  },
  5,
)

/** Any tree that the parser can make, nonsense included. */
export const anyExpression: fc.Arbitrary<Expression> = fc.oneof(
  anyNumeric,
  fc.letrec<{ condition: Expression }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3 },
      fc
        .tuple(
          fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const, '==' as const, '!=' as const),
          anyNumeric,
          anyNumeric,
        )
        .map((p) => build.compare(...p)),
      fc
        .tuple(fc.constantFrom('&&' as const, '||' as const), tie('condition'), tie('condition'))
        .map((p) => build.logic(...p)),
      tie('condition').map(build.not),
    ),
  })).condition,
)

/** Trees over x, y and c whose values at moderate points are mostly moderate. */
export const mildExpression: fc.Arbitrary<Expression> = numeric(
  {
    number: mildNumber,
    leaf: fc.constantFrom('x', 'y', 'c').map(build.name),
    functions: functionNames,
    exponents: fc.oneof(
      fc.integer({ min: -3, max: 5 }).map(build.number),
      fc.constantFrom(0.5, 1.5, -0.7).map(build.number),
      fc.constant(build.name('c')),
    ),
    reduces: true,
  },
  5,
)

/** Bodies over the elements around x[i], for a sum over i from 2 to 5 and a list of 11. */
const body: fc.Arbitrary<Expression> = numeric(
  {
    number: mildNumber,
    leaf: fc.oneof(
      fc
        .constantFrom('i', 'i + 1', 'i - 1', '7 - i', '2*i', '3', 'i + 2 - 1')
        .map((text) => ({ text }))
        .map(({ text }) => indexed(text)),
      fc.constantFrom('c', 'i').map(build.name),
    ),
    functions: ['exp', 'sin', 'cos', 'tanh', 'softplus', 'sigmoid', 'atan', 'relu', 'abs', 'max'],
    exponents: fc.integer({ min: 1, max: 3 }).map(build.number),
    reduces: false,
  },
  3,
)

const i = build.name('i')
const indices: Readonly<Record<string, Expression>> = {
  i,
  'i + 1': build.add(i, build.one),
  'i - 1': build.subtract(i, build.one),
  '7 - i': build.subtract(build.number(7), i),
  '2*i': build.multiply(build.two, i),
  '3': build.number(3),
  'i + 2 - 1': build.subtract(build.add(i, build.two), build.one),
}

function indexed(text: string): Expression {
  return build.element('x', indices[text]!)
}

function over(operator: 'sum' | 'prod', index: string, from: number, to: number, term: Expression): Expression {
  return build.reduce(operator, index, build.number(from), build.number(to), term)
}

/** Sums and products over a list x of 11, nested ones too. */
export const indexedExpression: fc.Arbitrary<Expression> = fc.oneof(
  body.map((term) => over('sum', 'i', 2, 5, term)),
  body.map((term) => over('prod', 'i', 2, 5, term)),
  fc.tuple(body, body).map(([a, b]) => build.multiply(over('sum', 'i', 2, 5, a), over('prod', 'i', 2, 4, b))),
  fc
    .tuple(body, fc.constantFrom('sum' as const, 'prod' as const))
    .map(([term, operator]) =>
      over(operator, 'j', 2, 4, over('sum', 'i', 2, 5, build.multiply(build.element('x', build.name('j')), term))),
    ),
  body.map((term) =>
    over('sum', 'j', 2, 5, build.raise(build.reduce('sum', 'i', build.two, build.name('j'), term), build.two)),
  ),
  fc.tuple(body, body).map(([a, b]) => over('sum', 'i', 2, 5, build.multiply(a, over('sum', 'i', 2, 3, b)))),
)
