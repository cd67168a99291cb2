import { type Case, landscape, rest, spec, trial, update } from './mistakes.fixture.ts'

const loss = (text: string) =>
  landscape(`{ formula: { variables: [x, y], expression: ${text} } }`, {
    start: 'start: [0, 0]',
  })
const listed = (text: string) =>
  landscape(`{ formula: { dimension: 2, expression: ${text} } }`, {
    start: 'start: [0, 0]',
    trial: 'trial: { steps: 9 }',
  })
const expression = 'landscape.formula.expression'
const escape = (text: string) => trial(`\n  steps: 9\n  escape: ${text}`)

/** Numbers, expressions and YAML as those write them who come from Python. */
export const newcomersTexts: readonly Case[] = [
  // Numbers.
  ['1e4 in quotes', 'WRONG_TYPE', rest('trials: @"1e4"'), 'trials', 'remove the quotes: 1e4'],
  ['10_000', 'WRONG_TYPE', rest('trials: @10_000'), 'trials', 'write 10000'],
  ['10,000', 'WRONG_TYPE', rest('trials: @10,000'), 'trials', 'write 10000'],
  ['10k', 'WRONG_TYPE', rest('trials: @10k'), 'trials', 'write 10000'],
  ['a decimal comma', 'WRONG_TYPE', update('\n  eta: @0,1'), 'update.eta', 'write 0.1: use . as the decimal point'],
  ['a quotient', 'WRONG_TYPE', update('{ eta: @1/10 }'), 'update.eta', 'write "= 1/10"'],
  [
    'an expression without =',
    'WRONG_TYPE',
    update('{ eta: 0.1, drift: { sigma: @sqrt(2*eta) } }'),
    'update.drift.sigma',
    'write "= sqrt(2*eta)"',
  ],
  [
    'None',
    'WRONG_TYPE',
    update('{ eta: @None }'),
    'update.eta',
    'if the key has a default, you can remove the line instead',
  ],
  ['yes', 'WRONG_TYPE', rest('trials: 9\nsimultaneous: @yes'), 'simultaneous', 'write true'],
  ['half a trial', 'NOT_AN_INTEGER', rest('trials: @1.5e0'), 'trials', 'is not an integer'],
  // Expressions.
  ['np.sin', 'EXPRESSION', loss('"@np.sin(x)"'), expression, 'write sin(...) without a prefix'],
  ['math.pi', 'EXPRESSION', loss('"x + @math.pi"'), expression, 'write pi'],
  ['torch.tanh', 'EXPRESSION', loss('"@torch.tanh(x)"'), expression, 'write tanh(...) without a prefix'],
  ['x**2', 'EXPRESSION', loss('"x@**2"'), expression, 'did you mean ^?'],
  ['x[0]', 'EXPRESSION', listed('"x[@0]^2"'), expression, 'the first element is x[1]'],
  ['theta', 'UNKNOWN_NAME', loss('"@theta^2"'), expression, 'coordinates are x, y'],
  ['and', 'EXPRESSION', escape('"x > 0 @and x < 1"'), 'trial.escape', 'write && instead of and'],
  ['&', 'EXPRESSION', escape('"x > 0 @& x < 1"'), 'trial.escape', 'did you mean &&?'],
  ['or', 'EXPRESSION', escape('"x > 0 @or x < 1"'), 'trial.escape', 'write || instead of or'],
  ['not', 'EXPRESSION', escape('"not @x > 0"'), 'trial.escape', 'write ! instead of not'],
  ['a single =', 'EXPRESSION', escape('"x @= 0"'), 'trial.escape', 'write == to compare'],
  [
    'an interval',
    'EXPRESSION',
    escape('"@-1 < x < 1"'),
    'trial.escape',
    'join two comparisons with &&: -1 < x && x < ...',
  ],
  ['ln', 'EXPRESSION', loss('"@ln(1 + x^2)"'), expression, 'write log(x) for the natural logarithm'],
  ['log10', 'EXPRESSION', loss('"@log10(1 + x^2)"'), expression, 'log(x)/log(10)'],
  ['|x|', 'EXPRESSION', loss('"@|x|"'), expression, 'abs(x)'],
  ['2x', 'EXPRESSION', loss('"@2x"'), expression, 'write 2*x'],
  ['lambda', 'EXPRESSION', loss('"lambda @x, y: x"'), expression, 'only the expression, without lambda'],
  ['a decimal comma in a loss', 'EXPRESSION', loss('"0@,5*x"'), expression, 'use . as the decimal point'],
  ['a choice', 'EXPRESSION', loss('"x @if x > 0 else y"'), expression, 'use relu, abs, min or max'],
  [
    'a number for a condition',
    'NOT_A_CONDITION',
    escape('@"x"'),
    'trial.escape',
    'compare it with a number, as in "x >= 0"',
  ],
  ['a condition that never changes', 'CONSTANT', escape('@"1 > 2"'), 'trial.escape', 'the same at every step'],
  // YAML.
  ['a tab', 'SYNTAX', 'version: 1\nupdate:\n@\teta: 0.1\n', '', 'indent with spaces, two for each level'],
  ['too deep', 'SYNTAX', 'version: 1\nupdate:\n  eta: 0.1\n   @drift: none\n', '', 'indent it by 2 spaces'],
  ['between two levels', 'SYNTAX', 'update:\n    eta: 0.1\n  @drift: none\n', '', 'by 4 spaces'],
  ['no colon', 'SYNTAX', 'version: 1\n@trials 100\nname: a\n', '', 'write `trials: 100`'],
  ['an equals sign', 'SYNTAX', 'version: 1\n@trials = 100\nname: a\n', '', 'write `trials: 100`'],
  ['no space after a colon', 'SYNTAX', '@version:1\ntrials: 100\n', '', 'write `version: 1`'],
  ['no space inside braces', 'UNKNOWN_KEY', update('{ @eta:0.1 }'), 'update.eta:0.1', 'with a space after the colon'],
  ['an open brace', 'SYNTAX', 'version: 1\nupdate: @{ eta: 0.1\ntrials: 3\n', '', 'add the missing }'],
  ['half a condition in quotes', 'SYNTAX', escape('@"x > 0" && "x < 1"'), '', 'escape: "x > 0 && x < 1"'],
  ['|x| without quotes', 'SYNTAX', escape('@|x| > 1'), '', 'escape: "|x| > 1"'],
  ['! without quotes', 'SYNTAX', escape('@!(x > 0)'), '', 'escape: "!(x > 0)"'],
  ['a colon in a text', 'SYNTAX', 'version: 1\nname: @wells: two\n', '', 'name: "wells: two"'],
  ['a comment for a value', 'WRONG_TYPE', rest('trials: @# 1000'), 'trials', 'write a value after the colon'],
  ['no trials', 'WRONG_TYPE', rest('trials: @null'), 'trials', 'remove the line and write `until:`'],
  ['no stopping rule', 'WRONG_TYPE', rest('until: @null'), 'until', 'remove the line and write `trials:`'],
  ['a version in quotes', 'VERSION', 'version: @"1"\n', 'version', 'write `version: 1`'],
  ['YAML of two', 'SYNTAX', `${spec({})}---\n@version: 1\n`, '', 'one document per file'],
]
