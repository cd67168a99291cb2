import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cell, results } from '../fixtures/results.ts'
import { csvLine } from './csv.ts'
import { renderCsv } from './renderCsv.ts'
import { renderJsonl } from './renderJsonl.ts'
import { renderRowsCsv, renderRowsJson, renderRowsJsonl, renderRowsTable } from './renderRows.ts'
import type { TrialRow } from './row.ts'

const row: TrialRow = {
  cell: 0,
  trial: 7,
  end: 'escaped',
  exit: 'upper',
  settled: null,
  class: null,
  escaped_at: 12,
  converged_at: null,
  steps: 12,
  loss: 0.25,
  distance: Number.NaN,
  marks: { m2: 3, m3: null },
}

async function* from(rows: readonly TrialRow[]): AsyncGenerator<TrialRow> {
  yield* rows
}

async function collect(text: AsyncIterable<string>): Promise<string> {
  let all = ''
  for await (const part of text) all += part
  return all
}

test('rows as CSV', async () => {
  expect(await collect(renderRowsCsv(from([row, { ...row, marks: {}, trial: 10n ** 16n }])))).toBe(
    [
      'cell,trial,end,exit,settled,class,escaped_at,converged_at,steps,loss,distance,marks',
      '0,7,escaped,upper,,,12,,12,0.25,NaN,"{""m2"":3,""m3"":null}"',
      '0,10000000000000000,escaped,upper,,,12,,12,0.25,NaN,',
      '',
    ].join('\n'),
  )
})

test('rows as JSON lines and as one document', async () => {
  const record = { ...row, distance: 'NaN' }
  expect(JSON.parse(await collect(renderRowsJsonl(from([row]))))).toEqual(record)
  expect(JSON.parse(await collect(renderRowsJson(from([row, row]))))).toMatchObject({
    kind: 'Rows',
    data: { rows: [record, record] },
  })
  expect(JSON.parse(await collect(renderRowsJson(from([]))))).toMatchObject({ data: { rows: [] } })
})

test('an escape without a name has no exit, as in the view trial', async () => {
  const unnamed = { ...row, exit: '' }
  expect(JSON.parse(await collect(renderRowsJsonl(from([unnamed]))))).toMatchObject({ end: 'escaped', exit: null })
  expect(await collect(renderRowsCsv(from([unnamed])))).toContain('0,7,escaped,,,')
})

test('rows are asked for as they are written', async () => {
  let taken = 0
  async function* endless(): AsyncGenerator<TrialRow> {
    for (;;) {
      taken++
      yield row
    }
  }
  const text = renderRowsJsonl(endless())
  expect((await text.next()).value.split('\n')).toHaveLength(1001)
  await text.return(undefined)
  expect(taken).toBe(1000)
})

test('rows as a table', async () => {
  expect(await collect(renderRowsTable(from([row])))).toBe(
    [
      'cell  trial  end      exit   settled  class  escaped_at  converged_at  steps  loss  distance  marks',
      '   0      7  escaped  upper                          12                   12  0.25  NaN       m2=3 m3=never',
      '',
    ].join('\n'),
  )
})

test('results as CSV: the places of the document are the columns', () => {
  const [head, first] = renderCsv(results)
    .split('\n')
    .map((line) => line.split(','))
  const at = (name: string) => first![head!.indexOf(name)]
  expect(head!.slice(0, 6)).toEqual(['index', 'id', 'update.eta', 'let.T', 'trials', 'counts.escaped'])
  expect(at('counts.ends.converged')).toBe('9988')
  expect(at('exit:lower.high')).toBe(String(results.cells[0]!.estimates['exit:lower']!.high))
  expect(at('escape.value')).toBe('0.0012')
  expect([at('escape.confidence'), at('escape.method')]).toEqual(['0.95', 'clopper-pearson'])
  expect(at('stopped')).toBe('trials')
  expect(head).toHaveLength(first!.length)
})

test('results as JSON lines: a cell a line', () => {
  const lines = renderJsonl(results).trimEnd().split('\n')
  const cells = lines.map((line) => JSON.parse(line))
  expect(
    cells.map(
      ({
        estimates: {
          escape: { value },
        },
      }) => value,
    ),
  ).toEqual([0.0012, 0.0195, 0])
  // Never reached: infinities are text.
  expect(cells[0].estimates['cost:m2']).toMatchObject({
    value: 'Infinity',
    high: 'Infinity',
    gradients: { high: 'Infinity' },
  })
  expect(Object.keys(cells[0])).toEqual(Object.keys(results.cells[0]!))
})

test('what a spreadsheet would run is defused; numbers are left alone', () => {
  expect(csvLine(['=1+1', '+A1', '-cmd', '@x', '-1.5e3', '+7', -2, Number.NEGATIVE_INFINITY, 'a=b'])).toBe(
    "'=1+1,'+A1,'-cmd,'@x,-1.5e3,+7,-2,-Infinity,a=b\n",
  )
  expect(csvLine(['\t=1', '=a,"b"'])).toBe(`'\t=1,"'=a,""b"""\n`)
  const hostile = renderCsv({ ...results, cells: [cell(0, { 'landscape.parameters.name': '=HYPERLINK("x")' }, 1, 10)] })
  expect(hostile).toContain(`"'=HYPERLINK(""x"")"`)
})

/** Reads one line of RFC 4180. */
function readCsv(line: string): string[] {
  return [...line.slice(0, -1).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  )
}

test('any text comes back from CSV', () => {
  const text = fc.string().filter((each) => !/^[=+\-@\t\r]/.test(each) && each !== '')
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
      expect(readCsv(csvLine(texts))).toEqual(texts)
    }),
  )
})
