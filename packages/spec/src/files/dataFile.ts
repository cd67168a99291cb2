import type { Path } from '../document/value.ts'
import { fileRefusal } from '../errors.ts'
import { CsvFile } from './csv.ts'
import type { DataFile } from './header.ts'
import { isIdx, readIdx } from './idx.ts'
import { isNpy, type NumberArray, type Refusal, readNpy } from './npy.ts'
import { isParquet, readParquet } from './parquet.ts'
import { arraysTable, type StoredTable } from './stored.ts'
import { StoredFile } from './storedFile.ts'
import { gunzip, isGzip, isZip, unzip } from './unpack.ts'
import { isUtf16, requireUtf8 } from './utf8.ts'

/** A file, or files of one array each, by the names of the arrays. */
export type DataSource = string | Readonly<Record<string, string>>

/** The name of the array of a single `.npy` or IDX file. */
const defaultName = 'p'

type ReadBytes = (file: string, path: Path) => Uint8Array

/**
 * Opens data that a spec names. The first bytes say what a file contains, whatever its name: gzip, Parquet, `.npy`,
 * `.npz`, IDX, and CSV for everything else. Mistakes in a table are reported at the section that names the file.
 */
export function openData(read: ReadBytes, source: DataSource, path: Path): DataFile {
  const section = path.slice(0, -1)
  if (typeof source !== 'string') {
    const arrays = Object.entries(source).map(([name, file]) => {
      const refusal = fileRefusal(path, file)
      const array = arrayIn(unpackedBytes(read, file, path, refusal), refusal)
      if (array !== null) return [name, array] as const
      throw refusal('it is not a .npy or IDX file', `write a file of other kinds as one name, such as \`csv: ${file}\``)
    })
    const names = Object.values(source).join(', ')
    return new StoredFile(arraysTable(new Map(arrays), fileRefusal(path, names)), names, section)
  }
  const refusal = fileRefusal(path, source)
  const bytes = unpackedBytes(read, source, path, refusal)
  const stored = storedTable(bytes, refusal)
  if (stored !== null) return new StoredFile(stored, source, section)
  if (isBinary(bytes))
    throw refusal('its format is unknown', 'the formats are CSV, Parquet, .npy, .npz and IDX, all of them also as .gz')
  requireUtf8(bytes, source, path)
  return new CsvFile(bytes, source, section)
}

function unpackedBytes(read: ReadBytes, file: string, path: Path, refusal: Refusal): Uint8Array {
  const bytes = read(file, path)
  return isGzip(bytes) ? gunzip(bytes, refusal) : bytes
}

function arrayIn(bytes: Uint8Array, refusal: Refusal): NumberArray | null {
  if (isNpy(bytes)) return readNpy(bytes, refusal)
  return isIdx(bytes) ? readIdx(bytes, refusal) : null
}

function storedTable(bytes: Uint8Array, refusal: Refusal): StoredTable | null {
  if (isParquet(bytes)) return readParquet(bytes, refusal)
  if (isZip(bytes)) {
    const arrays = [...unzip(bytes, refusal)].filter(([name]) => name.endsWith('.npy'))
    if (arrays.length === 0) throw refusal('it is a zip archive without .npy files', 'save a spreadsheet as CSV')
    return arraysTable(new Map(arrays.map(([name, own]) => [name.slice(0, -4), readNpy(own, refusal)])), refusal)
  }
  const array = arrayIn(bytes, refusal)
  return array === null ? null : arraysTable(new Map([[defaultName, array]]), refusal)
}

/** Texts have no zero bytes, except those in UTF-16. */
const isBinary = (bytes: Uint8Array): boolean => !isUtf16(bytes) && bytes.subarray(0, 4096).includes(0)
