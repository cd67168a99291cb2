import type { Path } from '../document/value.ts'
import { dataMistake, overLimit } from '../errors.ts'
import { limits } from '../limits.ts'
import { collectEach } from '../mistakes.ts'
import { checkedColumn, type Fault, gapsOf, type MissingWay, type Wanted } from './column.ts'
import { columnIndex, type DataFile, type RawTable } from './header.ts'
import type { StoredTable } from './stored.ts'

/** A file whose columns have names and types. */
export class StoredFile implements DataFile {
  readonly headerHint = null
  readonly header: readonly string[]

  /** `path` is where the spec names the file. */
  constructor(
    private readonly stored: StoredTable,
    readonly file: string,
    private readonly path: Path,
  ) {
    this.header = stored.columns.map(({ name }) => name)
  }

  table(wanted: readonly Wanted[], way: MissingWay = 'refuse'): RawTable {
    const { rows, columns } = this.stored
    if (rows === 0) throw dataMistake(this.path, `${this.file} has no rows`, 'write one row per sample')
    if (rows * wanted.length > limits.dataValues)
      throw overLimit(
        'DATA_TOO_LARGE',
        this.path,
        `${rows * wanted.length} numbers`,
        `${limits.dataValues} numbers per data set`,
      )
    const values = wanted.map((each) => columns[columnIndex(this, each.name, each.path)]!.read())
    const isGap = way === 'drop' ? values.map(gapsOf) : []
    const whole = Uint32Array.from({ length: rows }, (_, row) => row)
    const kept = isGap.length === 0 ? null : whole.filter((row) => !isGap.some((missing) => missing(row)))
    if (kept?.length === 0)
      throw dataMistake(
        this.path,
        `every row of ${this.file} has a missing value, so \`missing: drop\` leaves no rows`,
        'remove columns with many missing values',
      )
    const made = collectEach(wanted, (each, i) => {
      const fault: Fault = (row, what, hint) =>
        dataMistake(this.path, `the value of column ${each.name} in row ${row + 1} of ${this.file} ${what}`, hint)
      return checkedColumn(each, values[i]!, { rows, kept, way }, fault)
    })
    return { columns: made, rows, kept: kept?.length === rows ? null : kept, dropped: rows - (kept?.length ?? rows) }
  }
}
