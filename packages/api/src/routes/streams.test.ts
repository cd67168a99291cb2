import { expect, test } from 'vitest'
import { negotiateFormat } from './streams.ts'

const media = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/x-parquet',
}
const of = (accept: string | undefined) => negotiateFormat(accept, ['json', 'csv', 'parquet'], media)

test.each([
  [undefined, 'json'],
  ['', 'json'],
  ['*/*', 'json'],
  ['text/csv', 'csv'],
  ['text/*', 'csv'],
  ['text/csv;q=0.5, application/json;q=0.4', 'csv'],
  ['text/csv;q=0.5, */*', 'json'],
  ['application/*;q=0.1, text/csv', 'csv'],
  ['TEXT/CSV', 'csv'],
  ['application/json;q=0, */*;q=0.1', 'csv'],
])('%s is answered as %s', (accept, format) => expect(of(accept)).toBe(format))

test('an unavailable format is refused with a list of the available ones', () => {
  expect(() => of('image/png')).toThrow(/the format image\/png is not available/)
  expect(() => of('text/csv;q=0')).toThrow(expect.objectContaining({ status: 406 }))
})
