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
