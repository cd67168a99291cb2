import { expect, test } from 'vitest'
import { columnarJson, fromColumnar } from './columnar.ts'

test.each<[unknown]>([
  [{}],
  [[]],
  [[[], {}, [1, [2]], { a: { b: [{ c: 1 }, { c: null, d: [] }] } }]],
  [[{ a: 1, b: 2 }, { b: 3, a: 4 }, { a: 5 }, {}, JSON.parse('{"__proto__":6,"0":7}')]],
  [{ list: [1, 'a', null, true], lists: [[1, 2], [], [3]], mixed: [{ a: 1 }, null, [2]] }],
])('%j is the same after it was written and read', (value) => {
  const read = fromColumnar(columnarJson(value))
  expect(JSON.stringify(read)).toBe(JSON.stringify(value))
})

test('numbers that JSON lacks are text, and keys without a value are left out, as in documents', () => {
  expect(fromColumnar(columnarJson([{ low: Number.NEGATIVE_INFINITY, at: undefined }]))).toEqual([{ low: '-Infinity' }])
})

test('equal lists are stored once', () => {
  const list = Array.from({ length: 1000 }, (_, i) => i / 7)
  const cells = list.map((value) => ({ estimates: { escape: { value } } }))
  const once = columnarJson(list).length
  expect(columnarJson({ cells, columns: { escape: list } }).length).toBeLessThan(1.5 * once)
})

test('the data of another version are refused', () => {
  expect(() => fromColumnar('[{"schemaVersion":1}]')).toThrow('another version')
})
