import { describe, expect, test } from 'vitest'
import { parseSweep, SpecError, type SpecOptions, specErrorCodes, specText } from './index.ts'
import { axisMistakes } from './mistakes.axes.fixture.ts'
import { demandMistakes } from './mistakes.demand.fixture.ts'
import { documentMistakes } from './mistakes.document.fixture.ts'
import { anywhere, type Case, landscape, spec } from './mistakes.fixture.ts'
import { habits } from './mistakes.habits.fixture.ts'
import { habitsOfWords } from './mistakes.habitsWords.fixture.ts'
import { landscapeMistakes } from './mistakes.landscape.fixture.ts'
import { newcomersMistakes } from './mistakes.newcomers.fixture.ts'
import { newcomersTexts } from './mistakes.newcomersText.fixture.ts'
import { numberMistakes } from './mistakes.numbers.fixture.ts'
import { trialMistakes } from './mistakes.trial.fixture.ts'
import { updateMistakes } from './mistakes.update.fixture.ts'

const cases: readonly Case[] = [
  ...landscapeMistakes,
  ...updateMistakes,
  ...newcomersMistakes,
  ...newcomersTexts,
  ...habits,
  ...habitsOfWords,
  ...documentMistakes,
  ...numberMistakes,
  ...trialMistakes,
  ...demandMistakes,
  ...axisMistakes,
]

function caught(text: string, options: Partial<SpecOptions> = {}): SpecError {
  try {
    parseSweep(text, { fileName: 'bad.yaml', ...options })
  } catch (error) {
    if (error instanceof SpecError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('every mistake has its code, its place and a way out', () => {
  test.each(cases)('%s: %s', (_what, code, marked, path, words) => {
    const at = marked.indexOf('@')
    const error = caught(marked.replace('@', ''))
    expect(error.message).toContain(words)
    expect([error.code, error.path]).toEqual([code, path])
    expect(error.hint).not.toBe('')
    expect(error.errors.map(({ message }) => message)).toEqual([error.message])
    expect(error.message).not.toMatch(/\n/)
    if (at < 0) return
    const before = marked.slice(0, at).split('\n')
    expect([error.line, error.column]).toEqual([before.length, before.at(-1)!.length + 1])
    expect(error.message.startsWith(`bad.yaml:${error.line}:${error.column}: `)).toBe(true)
  })

  test('what a terminal would obey does not reach it', () => {
    expect(caught('version: 1\n"\\e[31mred\\n": 1\n').message).not.toMatch(/\p{Cc}/u)
  })

  test('all codes but those of options and files are among them', () => {
    const seen = new Set(cases.map(([, code]) => code))
    expect(specErrorCodes.filter((code) => !seen.has(code))).toEqual([
      'NOT_UTF8',
      'SWEPT',
      'FILE_TOO_LARGE',
      'DATA_TOO_LARGE',
      'CSV',
      'OPTION',
    ])
  })
})

describe('mistakes in options', () => {
  const good = spec({ rest: 'trials: 10\nsweep: { update.eta: [0.1, 0.2] }' })
  test.each([
    ['trial.steps', '-1', 'OUT_OF_RANGE', 'trial.steps', 'an integer from 1'],
    ['trial.stepps', '5', 'UNKNOWN_KEY', 'trial.stepps', 'did you mean steps?'],
    ['start.x', '5', 'UNKNOWN_PATH', 'start.x', 'start has no keys'],
    ['update.eta', '0.5', 'SWEPT', 'update.eta', 'sweep.update.eta=[0.5]'],
    ['update.eta', '0.1,0.2', 'OPTION', 'update.eta', 'write "sweep.update.eta=[0.1, 0.2]"'],
    ['sweep.update.eta', '0.1, 0.2', 'OPTION', 'sweep.update.eta', 'write "sweep.update.eta=[0.1, 0.2]"'],
    ['start', '-1,2', 'OPTION', 'start', 'write "start=[-1, 2]"'],
    ['eta', '0.3', 'UNKNOWN_PATH', 'eta', 'write --set update.eta=0.3'],
    ['lr', '0.3', 'UNKNOWN_PATH', 'lr', 'write --set update.eta=0.3'],
    ['__proto__.x', '0.5', 'OPTION', '', 'not a path'],
    ['seed', '[1', 'SYNTAX', '', 'neither YAML nor JSON'],
    ['seed', '18446744073709551616', 'SEED', 'seed', '"18446744073709551616"'],
    ['sweep.update.eta', '[-1]', 'OUT_OF_RANGE', 'update.eta', 'a number > 0'],
  ])('--set %s=%s', (path, value, code, at, words) => {
    const error = caught(good, { set: [[path, value]] })
    expect(error.message).toContain(words)
    expect([error.code, error.path, error.line]).toEqual([code, at, null])
    expect(error.message).toContain(`--set ${path}=${value}: `)
  })

  test.each([0, -1, 1.5, 1e16, Number.NaN])('--trials %s', (trials) => {
    const error = caught(good, { trials })
    expect([error.path, error.line]).toEqual(['trials', null])
    expect(error.message).toContain(`--trials ${trials}: `)
  })
})

describe('mistakes in data files', () => {
  const network = (data: string) =>
    landscape(`{ network: { layers: [2, 3, 1], data: { csv: wind.csv, ${data} } } }`, anywhere)
  const named = network('inputs: [a, b], targets: [y]')
  const softmax = (last: number) =>
    landscape(
      `{ network: { layers: [2, ${last}], output: softmax, data: { csv: wind.csv, inputs: [a, b], targets: [y] } } }`,
      anywhere,
    )
  test.each([
    [
      'a;b;y\n1;2;3\n',
      named,
      'UNKNOWN_COLUMN',
      'the first line of wind.csv has semicolons: separate the values with commas',
    ],
    [
      '1,2,3\n4,5,6\n',
      named,
      'UNKNOWN_COLUMN',
      'the first line of wind.csv contains numbers: put a line of names above',
    ],
    ['wind speed,b,y\n1,2,3\n', network('inputs: [wind_speed, b], targets: [y]'), 'UNKNOWN_COLUMN', 'wind speed?'],
    ['a,b,y\n1,2,3\n', network('inputs: [0, 1], targets: [y]'), 'WRONG_TYPE', 'from the first line of the file'],
    ['a,b,y\n1,2,cat\n2,1,dog\n', named, 'OUT_OF_RANGE', 'write 2, the number of targets of the data'],
    [
      'a,b,y\n1,2,0\n2,1,1\n',
      softmax(10),
      'OUT_OF_RANGE',
      'write 2, the number of targets of the data (2 classes of y)',
    ],
    [
      'a,b,y\n1,2,0\n2,1,0.5\n',
      softmax(2),
      'DATA',
      'wind.csv:3:3: landscape.network.data: "0.5": the value of column y is',
    ],
    ['a,b,y\n1,2,4\n2,1,4\n', softmax(2), 'OUT_OF_RANGE', 'write 1, the number of targets of the data (1 class of y)'],
    [
      'a,b,y\n1,2,0\n2,1,7\n1,1,9\n',
      landscape(`{ network: { layers: [2, 3], data: { csv: wind.csv, inputs: [a, b], targets: [y] } } }`, anywhere),
      'OUT_OF_RANGE',
      'if the 3 different whole numbers of the target are class labels, write 3 and `output: softmax`',
    ],
  ])('%j', (text, spec, code, words) => {
    const error = caught(spec, { readBytes: () => Buffer.from(text) })
    expect(error.errors.map(({ code }) => code)).toEqual([code])
    expect(error.message).toContain(words)
  })

  test('a file that is not there, as the system says it', () => {
    const readBytes = () => {
      throw new Error("ENOENT: no such file or directory, open 'wind.csv'")
    }
    expect(caught(named, { readBytes }).message).toContain('"wind.csv" cannot be used: there is no such file')
  })
})

describe('mistakes in tables', () => {
  const table = spec({ rest: 'trials: 10\nsweep: { points: { csv: t.csv } }' })
  test.each([
    ['update.eta,seed\n0.1,1\n-2,2\n', 'OUT_OF_RANGE', 't.csv:3:1: update.eta: -2 is out of range'],
    [
      'update.eta,seed\n0.1,1\n0.2\n',
      'CSV',
      't.csv:3:1: this table cannot be read: expected 2 values in this line, found 1',
    ],
    ['update.etaa\n0.1\n', 'UNKNOWN_PATH', 't.csv:1:1: update.etaa: unknown path'],
    ['', 'CSV', 't.csv:1:1'],
  ])('%j', (text, code, words) => {
    const error = caught(table, { readBytes: () => Buffer.from(text) })
    expect(error.code).toBe(code)
    expect(error.message).toContain(words)
  })
})

describe('a name is found however its characters are written', () => {
  const both = (text: string) => [text.normalize('NFC'), text.normalize('NFD')] as const
  const [one, other] = both('온도')
  const [oneFile, otherFile] = both('자료.csv')
  const network = (column: string, csv: string) =>
    landscape(`{ network: { layers: [1, 1], data: { csv: ${csv}, inputs: [${column}], targets: [b] } } }`, anywhere)
  const table = (column: string) => Buffer.from(`${column},b\n1,2\n`)
  const cellOf = (spec: string, options: Partial<SpecOptions>) =>
    parseSweep(spec, { fileName: 'a', ...options }).cell(0)

  test('columns of tables, and files by the name that their folder has', () => {
    const expected = cellOf(network(one, oneFile), { readBytes: () => table(one) })
    const folder = (name: string, column: string) => (path: string) => {
      if (path !== name) throw new Error(`ENOENT: ${path}`)
      return table(column)
    }
    for (const [spec, readBytes] of [
      [network(one, oneFile), folder(otherFile, other)],
      [network(other, otherFile), folder(oneFile, one)],
      [network(other, otherFile), folder(otherFile, other)],
    ] as const)
      expect(cellOf(spec, { readBytes }).id).toBe(expected.id)
    const error = caught(network(one, oneFile), { readBytes: folder('else', one) })
    expect(error.message).toContain(`"${oneFile}" cannot be used: there is no such file`)
  })

  test('names of sweeps: of their files, and in the text', () => {
    const nameless = spec({ head: 'version: 1\nseed: 1' })
    expect(parseSweep(nameless, { fileName: `x/${otherFile}.yaml` }).name).toBe(oneFile)
    expect(parseSweep(nameless, { fileName: 'a', set: [['name', other]] }).name).toBe(one)
    expect(parseSweep(spec({ head: `version: 1\nseed: 1\nname: ${other}` }), { fileName: 'a' }).name).toBe(one)
  })
})

describe('a text that is not UTF-8 is refused, with its first wrong byte', () => {
  const korean = Buffer.from([0xc0, 0xcc, 0xb8, 0xa7])
  const [ascii, mark] = [Buffer.from('a,b\nab'), Buffer.from([0xef, 0xbb, 0xbf])]
  const network = landscape(
    '{ network: { layers: [1, 1], data: { csv: t.csv, inputs: [none], targets: [b] } } }',
    anywhere,
  )
  const points = spec({ rest: 'trials: 10\nsweep: { points: { csv: t.csv } }' })
  test.each([
    [network, [korean], 't.csv:1:1: landscape.network.data.csv: the text is not UTF-8', 'iconv -f CP949 -t UTF-8'],
    [points, [ascii, korean], 't.csv:2:3: sweep.points.csv: the text is not UTF-8', 'iconv -f CP949 -t UTF-8'],
    [points, [Buffer.from('가나'), Buffer.from([0xed])], 't.csv:1:3:', 'CP949'],
    [points, [Buffer.from('\ufeffa,b', 'utf16le')], 't.csv:1:1:', 'iconv -f UTF-16 -t UTF-8'],
  ])('a table: %#', (text, bytes, place, wayOut) => {
    const error = caught(text, { readBytes: () => Buffer.concat(bytes) })
    expect(error.errors.map(({ code }) => code)).toEqual(['NOT_UTF8'])
    expect(error.message).toContain(place)
    expect(error.message).toContain(wayOut)
  })

  test('a spec; a byte order mark of UTF-8 may stand in both', () => {
    expect(() => specText(Buffer.concat([Buffer.from('version: 1\n# '), korean]), 'a.yaml')).toThrow(
      'a.yaml:2:3: the text is not UTF-8',
    )
    expect(specText(Buffer.concat([mark, ascii]), 'a.yaml')).toBe('a,b\nab')
    const table = Buffer.concat([mark, Buffer.from('update.eta\n0.1\n')])
    expect(parseSweep(points, { fileName: 'a', readBytes: () => table }).cellCount).toBe(1)
  })
})
