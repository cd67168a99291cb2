import { closeSync, openSync, readSync } from 'node:fs'

/** A font as far as it is read to know what it can write; of a collection, its first font. */
export interface FontFile {
  readonly path: string
  /** By which it is found in a file of several fonts; undefined where it is alone. */
  readonly postScriptName: string | undefined
  has(codePoint: number): boolean
}

/** Reads the tables that say which characters a font of TrueType or OpenType has, and how one of several is called. */
export function readFontFile(path: string): FontFile {
  const file = openSync(path, 'r')
  try {
    const read = (offset: number, length: number): Buffer => {
      const bytes = Buffer.alloc(length)
      return bytes.subarray(0, readSync(file, bytes, 0, length, offset))
    }
    const head = read(0, 16)
    const isCollection = head.toString('latin1', 0, 4) === 'ttcf'
    const start = isCollection ? head.readUInt32BE(12) : 0
    const count = read(start, 12).readUInt16BE(4)
    const directory = read(start + 12, 16 * count)
    const table = (tag: string): Buffer | null => {
      for (let at = 0; at < directory.length; at += 16)
        if (directory.toString('latin1', at, at + 4) === tag)
          return read(directory.readUInt32BE(at + 8), directory.readUInt32BE(at + 12))
      return null
    }
    const characters = table('cmap')
    const names = isCollection ? table('name') : null
    const maps = characters === null ? [] : mapsOf(characters)
    return {
      path,
      postScriptName: names === null ? undefined : postScriptNameOf(names),
      has: (codePoint) => maps.some((map) => map(codePoint)),
    }
  } finally {
    closeSync(file)
  }
}

/** The maps from Unicode to glyphs: of format 4 for the first 65,536 characters, of format 12 for all. */
function mapsOf(cmap: Buffer): ((codePoint: number) => boolean)[] {
  const found: ((codePoint: number) => boolean)[] = []
  for (let record = 4; record < 4 + 8 * cmap.readUInt16BE(2); record += 8) {
    const [platform, encoding] = [cmap.readUInt16BE(record), cmap.readUInt16BE(record + 2)]
    const isUnicode = platform === 0 || (platform === 3 && (encoding === 1 || encoding === 10))
    const map = cmap.subarray(cmap.readUInt32BE(record + 4))
    const format = map.readUInt16BE(0)
    if (isUnicode && format === 4) found.push(hasInSegments(map))
    if (isUnicode && format === 12) found.push(hasInGroups(map))
  }
  return found
}

const hasInSegments = (map: Buffer) => {
  const bytes = map.readUInt16BE(6)
  return (codePoint: number): boolean => {
    for (let at = 14; at < 14 + bytes && codePoint <= 0xffff; at += 2) {
      if (map.readUInt16BE(at) < codePoint) continue
      const first = map.readUInt16BE(at + bytes + 2)
      if (first > codePoint) return false
      const [delta, place] = [map.readUInt16BE(at + 2 * bytes + 2), at + 3 * bytes + 2]
      const offset = map.readUInt16BE(place)
      const glyph = offset === 0 ? codePoint : map.readUInt16BE(place + offset + 2 * (codePoint - first))
      return glyph !== 0 && ((glyph + delta) & 0xffff) !== 0
    }
    return false
  }
}

const hasInGroups = (map: Buffer) => {
  const end = 16 + 12 * map.readUInt32BE(12)
  return (codePoint: number): boolean => {
    for (let at = 16; at < end; at += 12)
      if (codePoint >= map.readUInt32BE(at) && codePoint <= map.readUInt32BE(at + 4)) return true
    return false
  }
}

/** Name 6, which is of ASCII, in the encoding of Windows (two bytes a character) or of the Macintosh. */
function postScriptNameOf(names: Buffer): string | undefined {
  const texts = names.subarray(names.readUInt16BE(4))
  for (let record = 6; record < 6 + 12 * names.readUInt16BE(2); record += 12) {
    if (names.readUInt16BE(record + 6) !== 6) continue
    const [length, offset] = [names.readUInt16BE(record + 8), names.readUInt16BE(record + 10)]
    return texts.toString('latin1', offset, offset + length).replaceAll('\0', '')
  }
  return undefined
}
