import { driftfarm } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { needs } from '@driftfarm/testing/program'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { beforeAll, describe, expect, test } from 'vitest'

const home = servedHome()

const update = (change: Record<string, unknown>) => ({
  update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 }, ...change },
  sweep: {},
})
const drift = (change: Record<string, unknown>) => ({
  update: { rule: 'gradient', eta: 0.1, drift: change },
  sweep: {},
})
const network = (change: Record<string, unknown>) => ({
  landscape: { network: { layers: [2, 2, 1], data: { preset: 'xor' }, ...change } },
  start: { init: 'he' },
  trial: { steps: 200, escape: 'loss < 0.1' },
  sweep: {},
})
const trial = (change: Record<string, unknown>) => ({ trial: { steps: 200, escape: 'x >= 0', ...change } })

/** What is wrong, the spec (a change of a good one, or a whole text), and what the one line must say. */
const badSpecs: readonly (readonly [what: string, spec: Record<string, unknown> | string, says: RegExp])[] = [
  ['an unknown key', { landscpe: {} }, /landscpe.*landscape/s],
  ['an unknown preset', { landscape: { preset: 'double-wel' } }, /double-wel.*double-well/s],
  ['an unknown key deep inside', drift({ sigmaa: 1 }), /sigmaa.*sigma/s],
  ['no landscape', { landscape: {} }, /landscape/],
  [
    'two landscapes',
    { landscape: { preset: 'double-well', formula: { variables: ['x'], expression: 'x^2' } } },
    /preset.*formula|formula.*preset/s,
  ],
  ['negative steps', trial({ steps: -5 }), /-5/],
  ['steps that are no integer', trial({ steps: 10.5 }), /10\.5/],
  ['too many steps', trial({ steps: 1e13 }), /1e\+?13|10000000000000/],
  ['an expression with a wrong operator', trial({ escape: 'x >== 0' }), />==/],
  ['an expression with an unknown name', trial({ escape: 'q >= 0' }), /q/],
  ['an expression with an unknown function', trial({ escape: 'sinn(x) >= 0' }), /sinn.*sin/s],
  ['an expression that does not end', trial({ escape: '(x >= 0' }), /\)/],
  ['a number where a condition is wanted', trial({ escape: 'x + 1' }), /x \+ 1/],
  ['an assignment for a comparison', trial({ escape: 'x = 0' }), /==/],
  ['an exit that is named like an integer', trial({ escape: { 1: 'x >= 0' } }), /1/],
  ['a negative radius', trial({ escape: { outside: { radius: -1, of: 'left' } } }), /-1/],
  ['an unknown minimum', trial({ converge: { within: 0.1, of: 'lef' } }), /lef.*left/s],
  ['a hold of zero', trial({ converge: { within: 0.1, of: 'left', hold: 0 } }), /hold/],
  ['a start of the wrong dimension', { start: [1, 2, 3] }, /3.*1|1.*3/s],
  ['a start at an unknown minimum', { start: { minimum: 'middle' } }, /middle/],
  ['a swept path that does not exist', { sweep: { 'update.etaa': [1] } }, /etaa.*eta/s],
  ['an axis without values', { sweep: { 'update.eta': [] } }, /update\.eta/],
  ['an axis value out of range', { sweep: { 'update.drift.sigma': [1, -1] } }, /-1/],
  ['a logarithmic axis from zero', { sweep: { 'update.eta': { from: 0, to: 1, count: 3, scale: 'log' } } }, /0.*> 0/],
  ['a demand that is swept', { sweep: { trials: [1, 2] } }, /trials/],
  [
    'ten million cells',
    {
      sweep: {
        'update.eta': { from: 0.1, to: 1, count: 10_000, scale: 'linear' },
        'update.drift.sigma': { from: 0.1, to: 1, count: 1000, scale: 'linear' },
      },
    },
    /1,?000,?000/,
  ],
  ['eta that is no number', update({ eta: 'fast' }), /fast/],
  ['eta that is negative', update({ eta: -0.1 }), /-0\.1/],
  ['an unknown rule', update({ rule: 'gradiant' }), /gradiant.*gradient/s],
  ['momentum without beta', update({ rule: 'momentum' }), /beta/],
  ['an unknown law', drift({ law: 'gausian', sigma: 1 }), /gausian.*gaussian/s],
  ['two scales of one drift', drift({ sigma: 1, step: 0.1 }), /sigma.*step|step.*sigma/s],
  ['a law that nobody knows', drift({ law: 'cauchi', sigma: 1 }), /cauchi.*cauchy/s],
  ['a law without its number', drift({ law: 'student', sigma: 1 }), /nu/],
  ['an index of a stable law that is too large', drift({ law: { stable: { alpha: 3 } }, sigma: 1 }), /alpha.*3.*<= 2/s],
  ['a rotation of one dimension', drift({ form: 'rotation', sigma: 1 }), /rotation/],
  ['a probability above one', drift({ form: 'flip', q: 2 }), /2.*0 to 1/s],
  ['a matrix of the wrong size', drift({ form: 'anisotropic', sigma: 1, S: [[1, 0]] }), /1 number/],
  ['a parameter of another rule', update({ rule: 'adam', beta: 0.9 }), /beta.*beta1/s],
  ["a rule of one's own without theta", update({ rule: 'custom', custom: { step: {} } }), /theta/],
  ['a network without data', { landscape: { network: { layers: [2, 2, 1] } } }, /data.*xor/s],
  ['a network that does not fit its data', network({ layers: [3, 2, 1] }), /3.*2, the number of inputs/s],
  ['a network that is too large', network({ layers: [2, 50_000, 1] }), /200001.*100000/s],
  ['a data set that nobody knows', network({ data: { preset: 'xro' } }), /xro.*xor/s],
  [
    'a data file that is not there',
    network({ data: { csv: 'no-such-file.csv', inputs: ['a', 'b'], targets: ['c'] } }),
    /no-such-file\.csv.*relative to the folder of the spec/s,
  ],
  ['a batch of nothing', network({ batch: 0 }), /batch.*0/s],
  ['a start by a rule for networks', { start: { init: 'he' } }, /init.*gaussian/s],
  ['a start from a file that is not there', { start: { file: 'no-such-file.npy' } }, /no-such-file\.npy/],
  ['the loss of a quench without one', trial({ classify: { good: 'quenchloss < 1' } }), /quenchloss.*quench/s],
  ['an axis of networks out of range', { ...network({}), sweep: { 'landscape.network.batch': [1, 0] } }, /batch.*0/s],
  ['an expression for a number with an unknown name', update({ eta: '= 2*T' }), /T/],
  ['expressions in a circle', { let: { a: '= b', b: '= a' } }, /a|b/],
  ['no trials at all', { trials: 0 }, /0/],
  ['too many trials', { trials: 1e18 }, /1e\+?18|1000000000000000000/],
  ['trials and a stopping rule', { until: { estimate: 'escape', relative: 0.1 } }, /trials.*until|until.*trials/s],
  [
    'a stopping rule on an unknown estimate',
    { trials: undefined, until: { estimate: 'escap', relative: 0.1 } },
    /escap.*escape/s,
  ],
  ['a seed that is too large', { seed: '18446744073709551616' }, /18446744073709551616/],
  ['a seed that is negative', { seed: -1 }, /-1/],
  ['another version', { version: 2 }, /2/],
  ['neither YAML nor JSON', '{"version": 1, : }', /line|:1:|1:/],
  ['an empty document', '', /empty|nothing/],
  ['a list for a document', '[1, 2]', /map|object|list/],
  ['a key twice', 'version: 1\nversion: 1\nname: twice\n', /version/],
  ['a prototype key', '{"version":1,"name":"p","__proto__":{"x":1},"seed":1}', /__proto__/],
  ['deep nesting', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, /nest|deep/],
]

/**
 * The fast tier sends every other one through the command; what is wrong with a spec is tested where specs are read.
 */
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const some = badSpecs.filter((_, at) => full || at % 2 === 0)

describe('bad specs: exit code 2, nothing on standard output, one clear line', () => {
  test.each(some)('%s', async (what, change, says) => {
    const spec = typeof change === 'string' ? change : doubleWell({ name: 'bad', ...change })
    const file = writeSpec(home, 'bad', spec)
    const { code, stdout, stderr } = await driftfarm(['run', file, '--json'], { home })
    expect({ what, code, stdout, stderr }).toMatchObject({ code: 2, stdout: '' })
    const lines = stderr.trimEnd().split('\n')
    expect(lines).toHaveLength(1)
    const { error } = JSON.parse(lines[0] ?? '') as {
      error: { code: string; message: string; hint: string | null; retryable: boolean }
    }
    expect(error.code).toMatch(/^[A-Z][A-Z_]+$/)
    expect(`${error.message} ${error.hint ?? ''}`).toMatch(says)
    expect(error.retryable).toBe(false)
  })
})

describe('bad commands: the right exit code, text on standard error, no stack', () => {
  const spec = () => writeSpec(home, 'good', doubleWell({ name: 'good', trials: 200 }))
  beforeAll(async () => {
    expect((await driftfarm(['run', spec()], { home })).code).toBe(0)
  })
  const table: readonly (readonly [arguments_: readonly string[], code: number, says: RegExp])[] = [
    [['run', 'no-such-file.yaml'], 2, /no-such-file\.yaml/],
    [['run', '.'], 2, /\./],
    [['run'], 2, /spec/],
    [['frobnicate'], 2, /frobnicate/],
    [['rum'], 2, /run/],
    [['results'], 2, /sweep/],
    [['results', 'no-such-sweep'], 5, /no-such-sweep/],
    [['status', 'goood'], 5, /goood/],
    [['rm', 'no-such-sweep'], 5, /no-such-sweep/],
    [['replay', 'good', '9', '0'], 5, /9/],
    [['replay', 'good', '0', 'first'], 2, /first/],
    [['results', 'good', '--format', 'xml'], 2, /xml/],
    [['results', 'good', '-o', '/no/such/folder/file'], 2, /\/no\/such\/folder/],
    [['extend', 'good'], 2, /trials/],
    [['extend', 'good', '--trials', 'many'], 2, /many/],
    [['sql', 'delete from trial'], 2, /read|permission|view/i],
    [['sql', 'select * from farm.batch'], 2, /permission|farm/],
    [['sql', 'select nonsense from sweep'], 2, /nonsense/],
    [['landscapes', 'double-wel'], 5, /double-well/],
    [['completion', 'tcsh'], 2, /bash, zsh, fish/],
    [['compare', 'a', 'b'], 5, /no sweep a/],
    [['compare', 'good'], 2, /--split/],
    [['figure', 'good', '-o', 'x.gif'], 2, /\.gif/],
    [['figure', 'good', '--width', '10'], 2, /320 to 4000/],
    [['report', 'good', '-o', 'x.docx'], 2, /\.html or \.md/],
    [['theorem', 'good.yaml', '--radius', '0'], 2, /not a positive number/],
    [['db', 'dump', '-o', '/no/such/folder/file'], 2, /\/no\/such\/folder/],
    [['replay', 'good', '0', '9999999999999999'], 2, /9999999999999999/],
    [['extend', 'good', '--trials', '1000000000000001'], 2, /1000000000000001/],
    [['results', 'good', '--json', '--format', 'csv'], 2, /--json.*csv/],
    [['watch', 'good', '--timeout', '30d'], 2, /30d/],
    [['worker', '--threads', '100000'], 2, /100000/],
    [[], 2, /no command given/],
  ]
  test.each(table)('%j ends with %i', async (arguments_, code, says) => {
    const end = await driftfarm(arguments_, { home })
    expect(end.stdout).toBe('')
    expect(end.stderr).toMatch(says)
    expect(end.stderr).not.toMatch(/^ {4}at /m)
    expect(end.code, end.stderr).toBe(code)
  })

  test('an option that does not exist', async () => {
    const end = await driftfarm(['run', spec(), '--no-such-flag'], { home })
    expect(end).toMatchObject({ code: 2, stdout: '' })
    expect(end.stderr).toContain('--no-such-flag')
  })
  test('a setting that is none, and one whose value is wrong', async () => {
    expect(await driftfarm(['run', spec(), '--set', 'update.eta'], { home })).toMatchObject({ code: 2, stdout: '' })
    const wrong = await driftfarm(['run', spec(), '--set', 'update.eta=-3'], { home })
    expect(wrong).toMatchObject({ code: 2, stdout: '' })
    expect(wrong.stderr).toContain('-3')
  })
  test('a database that is not there is exit code 7 and worth another try', async () => {
    const end = await driftfarm(['list', '--json'], {
      home,
      env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' },
    })
    expect(end).toMatchObject({ code: 7, stdout: '' })
    expect((JSON.parse(end.stderr) as { error: { retryable: boolean } }).error.retryable).toBe(true)
  })
  test('a home that cannot be made ends at once', needs('linux'), async () => {
    const end = await driftfarm(['run', spec()], { home: '/proc/nowhere' })
    expect(end).toMatchObject({ code: 1, stdout: '' })
    expect(end.stderr).toMatch(/\/proc\/nowhere.*DRIFTFARM_HOME/s)
  })
  test('a wait that is too short is exit code 8', async () => {
    const slow = writeSpec(
      home,
      'slow',
      doubleWell({ name: 'slow', trials: 2_000_000, record: 'none', trial: { steps: 1000, escape: 'x >= 1e6' } }),
    )
    const end = await driftfarm(['run', slow, '--timeout', '300ms'], { home })
    expect(end).toMatchObject({ code: 8, stdout: '' })
  })
})
