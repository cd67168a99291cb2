import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join, parse } from 'node:path'
import { type FontFile, readFontFile } from './fontFile.ts'

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
export function fontsFor(
  characters: ReadonlySet<string>,
  folders: readonly string[] = fontFolders(),
): { fonts: FontFile[]; missing: string[] } {
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
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ttf|otf|ttc|otc)$/i.test(name) && !placeholders.test(name))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}

/** Fonts that have only a placeholder, such as a box, for every character. */
const placeholders = /lastresort|adobeblank/i
const fancy = /bold|black|heavy|light|thin|italic|oblique|condensed|serif|mono|coding|round/i

function byPlainness(a: string, b: string): number {
  const [one, other] = [basename(a), basename(b)]
  return Number(fancy.test(one)) - Number(fancy.test(other)) || (one < other ? -1 : 1)
}
