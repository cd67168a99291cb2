import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { fontFallbackOf, missingCharactersWarning, readFontFile } from './fonts.ts'
import { pdfOf, pngOf } from './print.ts'

const { resolve } = createRequire(import.meta.url)
const fontOf = (name: string): string => resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)
const folder = dirname(fontOf('DejaVuSans'))
const drawing = (text: string): string =>
  '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">' +
  `<title>${text}</title><text x="9" y="20">${text}</text></svg>`

test('the characters of a font', () => {
  const { has } = readFontFile(fontOf('DejaVuSans'))
  // According to fc-query: Latin, Greek, an arrow, a double-struck letter beyond 16 bits; no Hangul.
  expect(['A', 'σ', '→', '𝔸', '각', '\uffff'].map((letter) => has(letter.codePointAt(0)!))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ])
})

test('the first font of a collection is found by its name', async () => {
  const head = Buffer.alloc(16)
  head.write('ttcf')
  for (const [at, value] of [0x10000, 1, 16].entries()) head.writeUInt32BE(value, 4 + 4 * at)
  const font = readFileSync(fontOf('DejaVuSans'))
  for (let record = 12; record < 12 + 16 * font.readUInt16BE(4); record += 16)
    font.writeUInt32BE(font.readUInt32BE(record + 8) + 16, record + 8)
  const collections = mkdtempSync(join(tmpdir(), 'driftfarm-fonts-'))
  try {
    writeFileSync(join(collections, 'all.ttc'), Buffer.concat([head, font]))
    const { fonts } = fontFallbackOf(drawing('Ж'), fontOf('DejaVuMathTeXGyre'), [collections])
    expect(fonts.map(({ postScriptName }) => postScriptName)).toEqual(['DejaVuSans'])
  } finally {
    rmSync(collections, { recursive: true })
  }
})

test('characters missing from the standard font use a font of the machine', () => {
  const own = fontOf('DejaVuMathTeXGyre')
  const { svg, fonts, missing } = fontFallbackOf(drawing('eta Ж및 Ж'), own, [folder])
  expect(fonts.map(({ path }) => path)).toEqual([own.replace('MathTeXGyre', 'Sans')])
  const span = '<tspan font-family="also-0">Ж</tspan>'
  expect(svg).toContain(`<text x="9" y="20">eta ${span}및 ${span}</text>`)
  expect(missing).toEqual(['및'])
  expect(missingCharactersWarning(missing, 'png')).toContain('no font on this machine has 및, so the PNG shows boxes')
})

test('a drawing for which the standard font is enough stays unchanged', () => {
  const svg = drawing('η → σ² ± 0.1')
  expect(fontFallbackOf(svg, fontOf('DejaVuSans'))).toEqual({ svg, fonts: [], missing: [] })
})

test('a character that no font has is reported, for PNG and PDF', async () => {
  const told: string[] = []
  const warn = (message: string) => told.push(message)
  await pngOf(drawing('각도 각'), warn, [])
  await pdfOf(drawing('각'), 'x', warn, [])
  await pngOf(drawing('σ'), warn, [])
  expect(told).toEqual([missingCharactersWarning(['각', '도'], 'png'), missingCharactersWarning(['각'], 'pdf')])
})
