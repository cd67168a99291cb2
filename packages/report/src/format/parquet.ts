/** Values of INT64 are bigints. In a nullable column, null means no value. */
export interface ParquetColumn {
  readonly name: string
  readonly type: 'INT32' | 'INT64' | 'DOUBLE' | 'STRING' | 'BOOLEAN'
  readonly nullable: boolean
  /** Set for integers that mostly increase by one. Differences between neighbours are stored, to save space. */
  readonly ascending?: boolean
}

/** The values of one column in one group of rows. */
export type ParquetValues = readonly (number | bigint | string | boolean | null)[]

/** Typed rows in groups. A group has one list of values for each column, in the order of the columns. */
export interface ParquetRows {
  readonly columns: readonly ParquetColumn[]
  groups(): AsyncIterable<readonly ParquetValues[]>
}

export async function* inGroups<Row>(rows: AsyncIterable<Row>, size: number): AsyncGenerator<Row[]> {
  let group: Row[] = []
  for await (const row of rows) {
    group.push(row)
    if (group.length < size) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

/** A Parquet file in pieces: one per row group, compressed with Snappy, then the footer. */
export async function* parquetFile(
  { columns, groups }: ParquetRows,
  about: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array> {
  // The library is loaded only when a Parquet file is written.
  const { ParquetWriter, Pieces } = await import('./parquetWriter.ts')
  const pieces = new Pieces()
  const writer = new ParquetWriter({
    writer: pieces,
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type, nullable }) => ({
        name,
        repetition_type: nullable ? ('OPTIONAL' as const) : ('REQUIRED' as const),
        ...(type === 'STRING' ? { type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const } : { type }),
      })),
    ],
    kvMetadata: Object.entries(about).map(([key, value]) => ({ key, value })),
    createdBy: 'driftfarm',
  })
  for await (const values of groups()) {
    const count = values[0]?.length ?? 0
    if (count === 0) continue
    await writer.write({
      columnData: columns.map(({ name, ascending }, at) => ({
        name,
        data: values[at] as unknown[],
        ...(ascending ? { encoding: 'DELTA_BINARY_PACKED' as const } : {}),
      })),
      rowGroupSize: count,
    })
    yield pieces.take()
  }
  await writer.finish()
  yield pieces.take()
}
