import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join, parse } from 'node:path'
import { nullIf } from '@driftfarm/formula'
import { openSync } from 'fontkit'

/** If the file is a collection, the first font is used. */
export interface FontFile {
  readonly path: string
  /** Undefined if the file is not a collection. */
  readonly postScriptName: string | undefined
  has(codePoint: number): boolean
}

/** Opens a TrueType or OpenType font, or a collection of fonts. Throws if the file is not a font. */
export function readFontFile(path: string): FontFile {
  const opened = openSync(path)
  const font = 'fonts' in opened ? opened.fonts[0]! : opened
  return {
    path,
    postScriptName: font === opened ? undefined : font.postscriptName,
    has: (codePoint) => font.hasGlyphForCodePoint(codePoint),
  }
}

export function fontFolders({ platform, env } = process, home = homedir()): string[] {
  if (platform === 'darwin') return ['/System/Library/Fonts', '/Library/Fonts', join(home, 'Library/Fonts')]
  if (platform === 'win32')
    return [
      join(parse(home).root, 'Windows\\Fonts'),
      join(env.LOCALAPPDATA ?? join(home, 'AppData\\Local'), 'Microsoft\\Windows\\Fonts'),
    ]
  const own = join(env.XDG_DATA_HOME ?? join(home, '.local/share'), 'fonts')
  return ['/usr/share/fonts', '/usr/local/share/fonts', own, join(home, '.fonts')]
}

/**
 * Finds fonts that together contain the characters, and prefers plain fonts. No font contains the characters in
 * `missing`.
 */
export function fontsFor(characters: ReadonlySet<string>, folders: readonly string[] = fontFolders()) {
  let missing = [...characters]
  const fonts: FontFile[] = []
  for (const path of folders.flatMap(fontsIn).sort(byPlainness)) {
    if (missing.length === 0) break
    try {
      const font = readFontFile(path)
      const left = missing.filter((character) => !font.has(character.codePointAt(0)!))
      if (left.length < missing.length) fonts.push(font)
      missing = left
    } catch {
      // The file is not a font, or is not readable.
    }
  }
  return { fonts, missing }
}

function fontsIn(folder: string): string[] {
  const names = nullIf(Error, () => readdirSync(folder, { recursive: true, encoding: 'utf8' })) ?? []
  const fonts = names.filter((name) => /\.(ttf|otf|ttc|otc)$/i.test(name) && !placeholders.test(name))
  return fonts.map((name) => join(folder, name))
}

/** Fonts that have only a placeholder, such as a box, for every character. */
const placeholders = /lastresort|adobeblank/i
const fancy = /bold|black|heavy|light|thin|italic|oblique|condensed|serif|mono|coding|round/i

function byPlainness(a: string, b: string): number {
  const [one, other] = [basename(a), basename(b)]
  return Number(fancy.test(one)) - Number(fancy.test(other)) || (one < other ? -1 : 1)
}

const family = 'also-'

export const fallbackFamily = (place: number): string => `${family}${place}`

export const isFallbackFamily = (name: string): boolean => name.startsWith(family)

const textElement = /<text\b[^>]*>[\s\S]*?<\/text>/g

/**
 * Chooses fonts of this machine for the characters that the standard font lacks. If the standard font has all
 * characters, no other font is read: reading takes time, and the drawing would depend on the machine. In the returned
 * drawing, such a character has the font family `also-N`, where N is the index of a font in `fonts`. No font on this
 * machine has the characters in `missing`, which are drawn as boxes.
 */
export function fontFallbackOf(svg: string, ownFont: string, folders?: readonly string[]) {
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
