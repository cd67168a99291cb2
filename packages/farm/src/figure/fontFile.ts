import { openSync } from 'fontkit'

/** A font as far as it is asked what it can write; of a collection, its first font. */
export interface FontFile {
  readonly path: string
  /** By which it is found in a file of several fonts; undefined where it is alone. */
  readonly postScriptName: string | undefined
  has(codePoint: number): boolean
}

/** Opens a font of TrueType or OpenType, or a collection of them. Throws where the file is none. */
export function readFontFile(path: string): FontFile {
  const opened = openSync(path)
  const font = 'fonts' in opened ? opened.fonts[0]! : opened
  return {
    path,
    postScriptName: font === opened ? undefined : font.postscriptName,
    has: (codePoint) => font.hasGlyphForCodePoint(codePoint),
  }
}
