import { describe, expect, it } from 'vitest'
import { cellsCalls, rewritten } from './cellsCalls.ts'

const names = (sql: string) => cellsCalls(sql).map(({ sweep }) => sweep)

describe('calls of cells', () => {
  it.each([
    [`select * from cells('a')`, [`'a'`]],
    [`select * from PUBLIC . Cells ( 'it''s' ) as c join cells('b') d on true`, [`'it''s'`, `'b'`]],
    [`select * from sweep, cells('a')`, [`'a'`]],
    [`select * from sweep s, lateral/* (/* cells('x') */ */cells('a')`, [`'a'`]],
    [`with c as (select * from\n-- of one\ncells('a')) select * from c`, [`'a'`]],
    // No table stands here, or no literal.
    [`select cells('a')`, []],
    [`select * from cells('a', array['escape']) as c (escape float8)`, []],
    [`select c.* from sweep s, cells(s.name) c`, []],
    [`select * from mycells('a')`, []],
    [`select * from x.cells('a')`, []],
    // What only looks like one.
    [`select 'from cells(''a'')'`, []],
    [`select $$ from cells('a') $$, $q$ from cells('a') $q$`, []],
    [`select "from cells('a')"`, []],
    [`select E'\\' from cells(''a'')'`, []],
    [`select 1 -- from cells('a')`, []],
    [`select 1 /* from cells('a')`, []],
    ['', []],
  ])('%s', (sql, expected) => {
    expect(names(sql)).toEqual(expected)
  })

  it('are replaced, and every position in the text maps to one in the original', () => {
    const sql = `select 1 from cells('a') x, cells('b') where bad`
    const { text, original } = rewritten(sql, cellsCalls(sql), ['(longer than the call)', 'b'])
    expect(text).toBe('select 1 from (longer than the call) x, b where bad')
    for (const word of ['select', ' x,', ' where', 'bad']) expect(original(text.indexOf(word))).toBe(sql.indexOf(word))
    expect(original(text.indexOf('than'))).toBe(sql.indexOf('cells'))
    expect(original(text.indexOf('b where'))).toBe(sql.indexOf(`cells('b')`))
  })
})
