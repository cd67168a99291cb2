import { type FontFile, readFontFile } from './fontFile.ts'
import { fontsFor } from './systemFonts.ts'

export interface FontFallback {
  /**
   * The drawing. A character that the standard font lacks has the font family `also-N`, where N is the index of a font
   * in `fonts`.
   */
  readonly svg: string
  /** Fonts of this machine with the characters that the standard font lacks. */
  readonly fonts: readonly FontFile[]
  /** Characters that no font on this machine has. They are drawn as boxes. */
  readonly missing: readonly string[]
}

const family = 'also-'

export const fallbackFamily = (place: number): string => `${family}${place}`

export const isFallbackFamily = (name: string): boolean => name.startsWith(family)

const textElement = /<text\b[^>]*>[\s\S]*?<\/text>/g

/**
 * Chooses fonts of this machine for the characters that the standard font lacks. If the standard font has all
 * characters, no other font is read: reading takes time, and the drawing would depend on the machine.
 */
export function fontFallbackOf(svg: string, ownFont: string, folders?: readonly string[]): FontFallback {
  const letters = new Set((svg.match(textElement) ?? []).join('').match(/[^\p{ASCII}\p{C}\p{Z}]/gu))
  if (letters.size === 0) return { svg, fonts: [], missing: [] }
  const own = readFontFile(ownFont)
  const strange = new Set([...letters].filter((letter) => !own.has(letter.codePointAt(0)!)))
  if (strange.size === 0) return { svg, fonts: [], missing: [] }
  const { fonts, missing } = fontsFor(strange, folders)
  const fontOf = (letter: string): number => {
    return strange.has(letter) ? fonts.findIndex((font) => font.has(letter.codePointAt(0)!)) : -1
  }
  const marked = svg
    .replace(/<title>[\s\S]*?<\/title>/g, '')
    .replace(textElement, (element) => element.replace(/>([^<]+)</g, (_, text: string) => `>${inFonts(text, fontOf)}<`))
  return { svg: marked, fonts, missing }
}

function inFonts(text: string, fontOf: (letter: string) => number): string {
  let [written, last] = ['', -1]
  for (const letter of text) {
    const font = fontOf(letter)
    if (font !== last) {
      if (last >= 0) written += '</tspan>'
      if (font >= 0) written += `<tspan font-family="${fallbackFamily(font)}">`
      last = font
    }
    written += letter
  }
  return last >= 0 ? `${written}</tspan>` : written
}

export function missingCharactersWarning(missing: readonly string[], format: string): string {
  const shown = missing.slice(0, 8).join(' ')
  const more = missing.length > 8 ? ` and ${missing.length - 8} more` : ''
  return (
    `no font on this machine has ${shown}${more}, so the ${format.toUpperCase()} shows boxes; install a font ` +
    'with these characters, or write an .svg file, which keeps the text'
  )
}
