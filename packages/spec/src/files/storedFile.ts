import type { Path } from '../document/value.ts'
import { dataMistake, tooMuchData } from '../errors.ts'
import { limits } from '../limits.ts'
import { collectEach } from '../mistakes.ts'
import { checkedColumn, type Fault, gapsOf, type MissingWay, type Wanted } from './column.ts'
import { columnIndex, type DataFile, firstRows, type RawTable } from './header.ts'
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
    const { rows: count, columns } = this.stored
    if (count === 0) throw dataMistake(this.path, `${this.file} has no rows`, 'write one row per sample')
    if (count * wanted.length > limits.dataValues) throw tooMuchData(this.path, count * wanted.length)
    const values = wanted.map((each) => columns[columnIndex(this, each.name, each.path)]!.read())
    const gaps = way === 'drop' ? values.map(gapsOf) : []
    const whole = firstRows(count)
    const rows = gaps.length === 0 ? whole : whole.filter((row) => !gaps.some((isGap) => isGap(row)))
    if (rows.length === 0)
      throw dataMistake(
        this.path,
        `every row of ${this.file} has a missing value, so \`missing: drop\` leaves no rows`,
        'remove columns with many missing values',
      )
    const made = collectEach(wanted, (each, i) => {
      const fault: Fault = (row, what, hint) =>
        dataMistake(this.path, `the value of column ${each.name} in row ${row + 1} of ${this.file} ${what}`, hint)
      return checkedColumn(each, values[i]!, { rows, way }, fault)
    })
    return { columns: made, rows, dropped: count - rows.length }
  }
}
