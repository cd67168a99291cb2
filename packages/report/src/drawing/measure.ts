import { abbreviate, wrapped } from '../format/text.ts'

/** PNG and PDF include DejaVu Sans. */
export const fontFamily = "'DejaVu Sans', Verdana, system-ui, sans-serif"

const narrow = /[iIjl.,:;'|!()[\]{} ft\-/]/
const wide = /[mwMW@%·→↓↑–—]/

/** In pixels. The width is a little too large for most fonts, so that nothing is cut. */
export function widthOfText(text: string, size: number): number {
  let width = 0
  for (const letter of text) {
    if (letter.codePointAt(0)! > 0x2e7f) width += 1.05
    else if (narrow.test(letter)) width += 0.4
    else if (wide.test(letter)) width += 0.98
    else width += letter >= 'A' && letter <= 'Z' ? 0.72 : 0.64
  }
  return width * size
}

/** A word that is longer than a line is split. */
export function linesOf(text: string, size: number, width: number): string[] {
  const words = text.split(' ').flatMap((word) => broken(word, size, width))
  return wrapped(words.join(' '), width, (line) => widthOfText(line, size))
}

function broken(word: string, size: number, width: number): string[] {
  if (widthOfText(word, size) <= width) return [word]
  const parts = ['']
  for (const letter of word) {
    if (widthOfText(parts.at(-1)! + letter, size) > width) parts.push('')
    parts[parts.length - 1] += letter
  }
  return parts
}

/** Texts cut at their ends or, if this would make two of them equal, in their middles. */
export function cutAll(texts: readonly string[], size: number, width: number): readonly string[] {
  const cut = texts.map((text) => cutTo(text, size, width))
  if (new Set(cut).size === new Set(texts).size) return cut
  const reversed = (text: string) => [...text].reverse().join('')
  const end = (text: string) => reversed(cutTo(reversed(text), size, 0.6 * width))
  return texts.map((text, at) => (cut[at] === text ? text : cutTo(text, size, 0.4 * width).slice(0, -1) + end(text)))
}

export const cutTo = (text: string, size: number, width: number): string =>
  abbreviate(text, width, (part) => widthOfText(part, size))

export function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

/** Rounds to a tenth of a pixel. */
export const round = (pixels: number): number => Math.round(pixels * 10) / 10
