import { rowColumns as columnsOfRows, type RowBatch } from '@driftfarm/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { replicaShape, trialShape, weightedShape } from '../document/replayed.ts'
import {
  type RowRecord,
  type Rows,
  renderRowsCsv,
  renderRowsJson,
  renderRowsJsonl,
  renderRowsTable,
  rowBatches,
  rowJson,
} from '../document/rows.ts'
import { cell, results, streamOf, textOf } from '../fixtures/results.ts'
import { csvLine } from '../format/csv.ts'
import { jsonLines } from '../format/json.ts'
import { streamCsv } from './resultsCsv.ts'

const csvOf = (data: typeof results) => textOf(streamCsv(streamOf(data)))

const row = {
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

async function* each(records: readonly RowRecord[]): AsyncGenerator<RowRecord> {
  yield* records
}

function from(rows: readonly RowRecord[]): Rows {
  return { columns: columnsOfRows.direct, records: each(rows.map(rowJson)) }
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

test('rows are read as they are written', async () => {
  let taken = 0
  async function* endless(): AsyncGenerator<RowRecord> {
    for (;;) {
      taken++
      yield rowJson(row)
    }
  }
  const text = renderRowsJsonl({ columns: columnsOfRows.direct, records: endless() })
  const lines = (await text.next()).value.trimEnd().split('\n')
  await text.return(undefined)
  expect(taken).toBe(lines.length)
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

test('replicas and weighted trials have their own columns', async () => {
  const replica = {
    cell: 1,
    replica: 3,
    estimate: 1e-9,
    weight: 2e-9,
    levels: 12,
    escaped: 50,
    steps: 900,
    exits: { up: 50 },
  }
  const replicas = () => ({ columns: columnsOfRows.splitting, records: each([rowJson(replica)]) })
  expect(await collect(renderRowsCsv(replicas()))).toBe(
    'cell,replica,estimate,weight,levels,escaped,steps,exits\n1,3,1e-9,2e-9,12,50,900,"{""up"":50}"\n',
  )
  expect(await collect(renderRowsTable(replicas()))).toMatch(/^cell {2}replica .*exits\n.* up=50\n$/)
  expect(JSON.parse(await collect(renderRowsJson({ ...replicas(), warnings: ['one is left out'] })))).toMatchObject({
    data: { rows: [replica] },
    warnings: ['one is left out'],
  })
  const trial = {
    cell: 1,
    trial: 3,
    value: 0.1,
    log_ratio: Number.NEGATIVE_INFINITY,
    exit: '',
    escaped_at: 7,
    steps: 7,
  }
  const weighted = {
    columns: columnsOfRows.tilt,
    records: each([rowJson(trial), rowJson({ ...trial, escaped_at: null })]),
  }
  expect(await collect(renderRowsCsv(weighted))).toBe(
    'cell,trial,value,log_ratio,exit,escaped_at,steps\n1,3,0.1,-Infinity,,7,7\n1,3,0.1,-Infinity,,,7\n',
  )
})

test('results as CSV: columns are named by places in the document', async () => {
  const [head, first] = (await csvOf(results)).split('\n').map((line) => line.split(','))
  const at = (name: string) => first![head!.indexOf(name)]
  expect(head!.slice(0, 6)).toEqual(['index', 'id', 'update.eta', 'let.T', 'trials', 'counts.escaped'])
  expect(at('counts.ends.converged')).toBe('9988')
  expect(at('exit:lower.high')).toBe(String(results.cells[0]!.estimates['exit:lower']!.high))
  expect(at('escape.value')).toBe('0.0012')
  expect([at('escape.confidence'), at('escape.method')]).toEqual(['0.95', 'clopper-pearson'])
  expect(at('stopped')).toBe('trials')
  expect(head).toHaveLength(first!.length)
})

test('results as JSON lines: one cell per line', () => {
  const lines = [...jsonLines(results.cells)].join('').trimEnd().split('\n')
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

test('text that a spreadsheet would run is escaped; numbers are unchanged', async () => {
  expect(csvLine(['=1+1', '+A1', '-cmd', '@x', '-1.5e3', '+7', -2, Number.NEGATIVE_INFINITY, 'a=b'])).toBe(
    "'=1+1,'+A1,'-cmd,'@x,-1.5e3,+7,-2,-Infinity,a=b\n",
  )
  expect(csvLine(['\t=1', '=a,"b"'])).toBe(`'\t=1,"'=a,""b"""\n`)
  const hostile = await csvOf({
    ...results,
    cells: [cell(0, { 'landscape.parameters.name': '=HYPERLINK("x")' }, 1, 10)],
  })
  expect(hostile).toContain(`"'=HYPERLINK(""x"")"`)
})

/** Reads one line of RFC 4180. */
function readCsv(line: string): string[] {
  return [...line.slice(0, -1).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  )
}

test('any text survives CSV', () => {
  const text = fc.string().filter((each) => !/^[=+\-@\t\r]/.test(each) && each !== '')
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
      expect(readCsv(csvLine(texts))).toEqual(texts)
    }),
  )
})

test('rows have the columns of their documents, in that order', () => {
  expect(columnsOfRows).toEqual({
    direct: Object.keys(trialShape.shape),
    splitting: Object.keys(replicaShape.shape),
    tilt: Object.keys(weightedShape.shape),
  })
})

test('rows as typed columns: 65,536 at a time, NaN for never, a column for each mark', async () => {
  const many = async function* () {
    for (let trial = 0; trial < 65_537; trial++)
      yield rowJson({ ...row, trial, escaped_at: trial === 0 ? null : trial })
  }
  const batches: RowBatch[] = []
  for await (const batch of rowBatches({ columns: columnsOfRows.direct, records: many() })) batches.push(batch)
  expect(batches.map(({ count }) => count)).toEqual([65_536, 1])
  const { columns } = batches[0]!
  expect(columns.cell).toBeInstanceOf(Int32Array)
  expect(columns.escaped_at?.subarray(0, 2)).toEqual(Float64Array.of(Number.NaN, 1))
  expect(columns.loss?.[0]).toBe(0.25)
  expect(columns.distance?.[7]).toBeNaN()
  expect([columns['mark:m2']?.[3], columns['mark:m3']?.[3]]).toEqual([3, Number.NaN])
  expect(batches[1]?.columns.trial).toEqual(Float64Array.of(65_536))
  expect(Object.keys(columns)).not.toContain('marks')
})

test('no rows give no batch', async () => {
  for await (const batch of rowBatches({ columns: columnsOfRows.direct, records: each([]) })) expect(batch).toBe(null)
})
