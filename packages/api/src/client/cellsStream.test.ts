import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CellsStream, linesOf } from './cellsStream.ts'

/** An answer whose bytes arrive in these pieces. */
function answered(text: string, cuts: readonly number[]): Response {
  const bytes = new TextEncoder().encode(text)
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const [at, from] of places.slice(0, -1).entries()) controller.enqueue(bytes.slice(from, places[at + 1]))
        controller.close()
      },
    }),
  )
}

/** Texts with characters that could be mistaken for the end of a value. */
const text = fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', 'é', '字', 'a', '\n', ' ') })
const cell = fc.record({ index: fc.nat(), name: text, deep: fc.record({ list: fc.array(text, { maxLength: 3 }) }) })

test('the cells and the rest of a document are read wherever its bytes are split', async () => {
  const cuts = fc.array(fc.nat(10_000), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { maxLength: 8 }), text, cuts, async (cells, name, at) => {
      const whole = { kind: 'Results', data: { sweep: { name }, cells, findings: [name] }, warnings: [name] }
      const document = new CellsStream<{ sweep: object }, object>(answered(JSON.stringify(whole), at))
      expect(await document.head()).toEqual({ sweep: { name }, cells: [] })
      const read: object[] = []
      for await (const each of document.cells()) read.push(each)
      expect(read).toEqual(cells)
      expect(await document.around()).toEqual({ sweep: { name }, cells: [], findings: [name], warnings: [name] })
    }),
    { seed: 3, numRuns: 300 },
  )
})

test('a document that is cut off is an error', async () => {
  const whole = JSON.stringify({ data: { cells: [{ a: 1 }, { a: '2'.repeat(50) }] } })
  for (const length of [5, 20, 30, 50]) {
    const document = new CellsStream(answered(whole.slice(0, length), []))
    const read = async () => {
      await document.head()
      for await (const _ of document.cells());
      await document.around()
    }
    await expect(read(), String(length)).rejects.toThrow(SyntaxError)
  }
})

test('lines of JSON, the last one with or without a line break', async () => {
  for (const end of ['', '\n']) {
    const read: object[] = []
    for await (const line of linesOf(answered(`{"a":1}\n{"b":"é"}${end}`, [3, 8, 14, 15]))) read.push(line)
    expect(read).toEqual([{ a: 1 }, { b: 'é' }])
  }
})
