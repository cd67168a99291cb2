import type { WholeCellData } from '@driftfarm/report'
import { valueText } from '../../parts/format.ts'
import { isMapping, leavesOf } from '../../parts/leaves.ts'
import { Table } from '../../parts/Table.tsx'
import { UpdateFormulas } from '../../parts/UpdateFormulas.tsx'

const maxListed = 20

/** Lists of mappings are taken apart like mappings. */
const goesOn = (value: unknown): boolean => isMapping(value) || (Array.isArray(value) && value.some(isMapping))

function textOf(value: unknown): string {
  if (!Array.isArray(value)) return valueText(value) || 'none'
  return value.length === 0 ? 'none' : valueText(value.length > maxListed ? [...value.slice(0, maxListed), '…'] : value)
}

/** Every setting of a cell. */
export const Settings = ({ resolved }: Pick<WholeCellData, 'resolved'>) => (
  <>
    <UpdateFormulas cell={resolved} />
    <Table
      label="All settings"
      columns={[
        { name: 'Setting', show: ([path]) => path },
        { name: 'Value', show: ([, value]) => textOf(value) },
      ]}
      rows={leavesOf(resolved, goesOn)}
      keyOf={([path]) => path}
    />
    <p className="faint">
      The settings of this cell after defaults and axes are filled in. The id of the cell is their hash.
    </p>
  </>
)
