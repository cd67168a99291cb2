import { parquetMetadata, type SchemaElement } from 'hyparquet'
import { readColumn } from 'hyparquet/src/column.js'
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { getSchemaPath } from 'hyparquet/src/schema.js'
import type { Refusal } from './npy.ts'
import { NumberList } from './numbers.ts'
import type { StoredTable, StoredValues } from './stored.ts'
import { gunzip } from './unpack.ts'

export const isParquet = ([a, b, c, d]: Uint8Array): boolean => a === 0x50 && b === 0x41 && c === 0x52 && d === 0x31

const hint = 'write the file again with columns of numbers and words, and with compression snappy, gzip or none'

/**
 * Reads a Parquet file. Each column is read when it is needed. The functions of hyparquet that read a whole file wait
 * for its parts; those that read a column do not, so specs can be read without waiting.
 */
export function readParquet(bytes: Uint8Array, refusal: Refusal): StoredTable {
  const reading = <T>(read: () => T): T => {
    try {
      return read()
    } catch (error) {
      throw refusal(`it cannot be read: ${(error as Error).message}`, hint)
    }
  }
  const end = bytes.byteOffset + bytes.byteLength
  const metadata = reading(() => parquetMetadata(bytes.buffer.slice(bytes.byteOffset, end) as ArrayBuffer))
  const { schema, row_groups: groups } = metadata
  const compressors = { GZIP: (packed: Uint8Array) => gunzip(packed, refusal) }

  const chunk = (group: number, index: number) => {
    const column = groups[group]!.columns[index]!.meta_data!
    const start = Number(column.dictionary_page_offset || column.data_page_offset)
    const view = new DataView(bytes.buffer, bytes.byteOffset + start, Number(column.total_compressed_size))
    const count = Number(groups[group]!.num_rows)
    const schemaPath = getSchemaPath(schema, column.path_in_schema)
    const { element } = schemaPath.at(-1)!
    const decoder = { ...column, pathInSchema: column.path_in_schema, element, schemaPath, compressors }
    const selection = { groupStart: 0, selectStart: 0, selectEnd: count, groupRows: count }
    return readColumn({ view, offset: 0 }, selection, { ...decoder, parsers: DEFAULT_PARSERS }).data
  }
  const column = (index: number, name: string): StoredValues => {
    const scale = decimalsOf(getSchemaPath(schema, [name]).at(-1)!.element)
    // The library multiplies decimals by a power of ten, which may miss the nearest double.
    const rounded = (value: number) => (scale === null ? value : Number(value.toFixed(scale)))
    const numbers = new NumberList()
    const words: (string | null)[] = []
    for (let group = 0; group < groups.length; group++)
      for (const values of reading(() => chunk(group, index)))
        for (const value of values as ArrayLike<unknown> & Iterable<unknown>) {
          const isMissing = value === null || value === undefined
          if (isMissing || typeof value === 'string') words.push(isMissing ? null : value)
          if (isMissing || typeof value !== 'string') numbers.push(isMissing ? Number.NaN : rounded(Number(value)))
          if (typeof value === 'object' && !isMissing)
            throw refusal(`column ${name} has values that are neither numbers nor words`, hint)
        }
    return words.some((word) => word !== null) ? { words } : { values: numbers.done(), offset: 0, stride: 1 }
  }
  const chunks = groups[0]?.columns ?? []
  return {
    rows: Number(metadata.num_rows),
    columns: chunks.flatMap(({ meta_data }, index) => {
      const [name, ...inner] = meta_data!.path_in_schema
      return inner.length > 0 ? [] : [{ name: name!, read: () => column(index, name!) }]
    }),
  }
}

/** The number of decimals of a column of decimal numbers, and null for other columns. */
const decimalsOf = ({ converted_type: type, scale = 0 }: SchemaElement): number | null =>
  type === 'DECIMAL' ? scale : null
