import { describe, expect, it } from 'vitest'
import * as build from './build.ts'
import { countNodes, isBoolean } from './fold.ts'
import { mistake as describeMistake } from './mistake.fixture.ts'
import { parse, parseCondition, parseNumber } from './parser.ts'
import { print } from './print.ts'

const mistake = (text: string, read: (text: string) => unknown = parse) => describeMistake(text, read)

describe('parse', () => {
  it.each([
    ['-x^2', '-(x^2)'],
    ['2^-1', '2^(-1)'],
    ['2^3^2', '2^(3^2)'],
    ['-2^2', '-(2^2)'],
    ['-x*y', '(-x)*y'],
    ['a - b - c', '(a - b) - c'],
    ['a/b*c', '(a/b)*c'],
    ['a + b*c^d', 'a + (b*(c^d))'],
    ['x^-y^2', 'x^(-(y^2))'],
    ['a - -b', 'a - (-b)'],
    ['+x + +1', 'x + 1'],
    ['a < b && c > d || e == 1', '((a < b) && (c > d)) || (e == 1)'],
    ['!(x > 0) && y > 0', '(!(x > 0)) && (y > 0)'],
    ['1.5e3 + .5 + 2. + 1E-2', '1500 + 0.5 + 2 + 0.01'],
    [' x\n[ i+1 ] ', 'x[i + 1]'],
  ])('reads %s as %s', (text, explicit) => {
    expect(parse(text)).toEqual(parse(explicit))
  })

  it('reads literals, signs and constants', () => {
    expect(parse('-1')).toEqual(build.number(-1))
    expect(parse('-(1)')).toEqual(build.negate(build.one))
    expect(parse('-0')).toEqual(build.number(-0))
    expect(parse('pi - e')).toEqual(build.subtract(build.number(Math.PI), build.number(Math.E)))
  })

  it('reads sums, functions and elements', () => {
    const xi = build.element('x', build.name('i'))
    expect(parse('sum(i, 1, d, x[i]^2)')).toEqual(
      build.reduce('sum', 'i', build.one, build.name('d'), build.raise(xi, build.two)),
    )
    expect(parse('min(x, 2)')).toEqual(build.call('min', build.name('x'), build.two))
  })

  it('tells numbers and conditions apart', () => {
    expect(isBoolean(parse('x >= 0'))).toBe(true)
    expect(isBoolean(parse('x'))).toBe(false)
    expect(mistake('x', parseCondition)).toBe('number-for-condition 0+1: write a comparison, such as x >= 0')
    expect(mistake('x > 0', parseNumber)).toBe('condition-for-number 0+5')
  })

  it('gives frozen trees', () => {
    const e = parse('min(x, 1) + x[1]')
    expect(Object.isFrozen(e)).toBe(true)
    expect(e.kind === 'binary' && e.left.kind === 'call' && Object.isFrozen(e.left.arguments)).toBe(true)
  })

  it.each([
    ['', 'empty 0+0'],
    ['  ', 'empty 0+0'],
    ['x >== 0', 'unknown-operator 2+3: did you mean >=?'],
    ['x = 0', 'assignment-for-comparison 2+1: write == to compare'],
    ['x > = 0', 'assignment-for-comparison 4+1: write >= without a space'],
    ['= x', 'assignment-for-comparison 0+1: write == to compare'],
    ['x =< 0', 'unknown-operator 2+2: did you mean <=?'],
    ['x <> 0', 'unknown-operator 2+2: did you mean !=?'],
    ['x ** 2', 'unknown-operator 2+2: did you mean ^?'],
    ['x & y', 'unknown-operator 2+1: did you mean &&?'],
    ['sinn(x)', 'unknown-function 0+4: did you mean sin?'],
    ['sigmiod(x)', 'unknown-function 0+7: did you mean sigmoid?'],
    ['ln(x)', 'unknown-function 0+2: write log(x) for the natural logarithm'],
    ['pow(x, 2)', 'unknown-function 0+3: write x^y'],
    ['sin x', 'function-without-arguments 0+3: write sin(...)'],
    ['min(1)', 'wrong-argument-count 0+6'],
    ['min(a, b, c)', 'wrong-argument-count 0+12: write min(a, min(b, c))'],
    ['exp()', 'wrong-argument-count 0+5'],
    ['sum(i, 1, 3)', 'wrong-argument-count 0+12: write sum(i, from, to, term), such as sum(i, 1, d, x[i]^2)'],
    ['sum(2, 1, 3, x)', 'not-a-name 4+1: write sum(i, from, to, term), such as sum(i, 1, d, x[i]^2)'],
    ['sum(e, 1, 3, e)', 'reserved-name 4+1: call the index i, j or k'],
    ['sum(i, 0.5, 3, x)', 'bounds-not-integer 7+3'],
    ['sum(i, 1, 2000000, x)', 'too-many-terms 0+21'],
    ['(x + 1', 'unclosed-parenthesis 0+1: add the missing )'],
    ['y*(x + (1)', 'unclosed-parenthesis 2+1: add the missing )'],
    ['x[1', 'unclosed-parenthesis 1+1: add the missing ]'],
    ['x + 1)', 'unopened-parenthesis 5+1'],
    ['(x]', 'unexpected-token 2+1'],
    ['2x', 'malformed-number 0+2: to multiply, write 2*x'],
    ['1..2', 'malformed-number 0+4'],
    ['2(x)', 'missing-operator 1+1: to multiply, write * between the two values'],
    [
      'x y',
      'missing-operator 2+1: to multiply, write * between the two values; names cannot contain spaces, so ' +
        'if the two words name a column, rename the column in its file',
    ],
    ['x.pow(2)', 'unknown-name 0+5: write x^y'],
    ['x.sin()', 'unknown-name 0+5: write sin(x)'],
    ['update.eta', 'unknown-name 0+10: a name cannot contain a dot: write only the last word, eta'],
    ['np.sum(x)', 'unknown-name 0+6: write sum(i, 1, d, ...), such as sum(i, 1, d, x[i]^2)'],
    ['x > 0 and y > 0', 'missing-operator 6+3: write && instead of and'],
    ['0 < x < 1', 'chained-comparison 0+7: join two comparisons with &&: 0 < x && x < ...'],
    ['x +', 'unexpected-end 3+0'],
    ['x + * y', 'unexpected-token 4+1'],
    ['(x > 0) + 1', 'condition-for-number 0+7'],
    ['sin(x > 0)', 'condition-for-number 4+5'],
    ['x && y > 0', 'number-for-condition 0+1: write a comparison, such as x >= 0'],
    ['!x > 0', 'number-for-condition 1+1: write !(...) around the condition'],
    ['1e400', 'number-not-finite 0+5: the largest double is about 1.8e308'],
    [
      'x[0]',
      'index-out-of-range 2+1: the first element is x[1]; if x is listed under `variables`, write x without an index',
    ],
    ['x[1.5]', 'index-not-integer 2+3'],
    ['x \u2212 1', 'unexpected-character 2+1: write - for a minus sign'],
    ['\u03b8', 'unexpected-character 0+1: names contain only the letters a-z and A-Z, digits and _'],
    ['x; y', 'unexpected-character 1+1: write only one expression; separate arguments with ,'],
    ['\u{1f600}', 'unexpected-character 0+2'],
  ])('refuses %s', (text, expected) => {
    expect(mistake(text)).toBe(expected)
  })

  it('names the value in the message', () => {
    expect(() => parse('sinn(x)')).toThrow('unknown function `sinn`')
    expect(() => parse(`${'y'.repeat(100)}(1)`)).toThrow(`unknown function \`${'y'.repeat(40)}...\``)
  })
})

describe('limits', () => {
  it('allows 10,000 nodes and no more', () => {
    const text = `x${' + x'.repeat(4999)}`
    const e = parse(text)
    expect(countNodes(e)).toBe(9999)
    expect(print(e)).toBe(text)
    expect(mistake(`-(${text})`)).toBe('none')
    expect(mistake(`-(-(${text}))`)).toMatch(/^too-many-nodes/)
  })

  it.each([
    ['parentheses', '('.repeat(100_000), 'too-deep'],
    ['balanced parentheses', `${'('.repeat(100_000)}x${')'.repeat(100_000)}`, 'too-deep'],
    ['brackets', 'x['.repeat(100_000), 'too-deep'],
    ['signs', `${'-'.repeat(100_000)}x`, 'too-deep'],
    ['negations', `${'!'.repeat(100_000)}x`, 'too-deep'],
    ['powers', `x${'^x'.repeat(100_000)}`, 'too-deep'],
    ['calls', 'sin('.repeat(100_000), 'too-deep'],
    ['sums', 'sum(i, 1, 2, '.repeat(100_000), 'too-deep'],
    ['nested sums', `${'sum(i, 1, 2, '.repeat(60)}x${')'.repeat(60)}`, 'too-many-operations'],
    ['terms', `x${'+x'.repeat(1_000_000)}`, 'too-many-nodes'],
    ['digits', '9'.repeat(1_000_000), 'number-not-finite'],
    ['letters', `${'s'.repeat(1_000_000)}(x)`, 'unknown-function'],
    ['spaces', ' '.repeat(1_000_000), 'empty'],
    ['equals signs', '='.repeat(1_000_000), 'unknown-operator'],
    // Of what grew with the square of the length none would end before the time limit of a test.
  ])('ends on hostile %s', (_, text, code) => {
    expect(mistake(text)).toMatch(new RegExp(`^${code} `))
  })

  it('allows the nesting it promises', () => {
    expect(parse(`${'('.repeat(250)}x${')'.repeat(250)}`)).toEqual(build.name('x'))
  })
})
