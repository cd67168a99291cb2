import type { WholeCellData } from '@driftfarm/report'
import { Table } from '../../parts/Table.tsx'
import { leavesOf } from './settingsOf.ts'

export const Settings = ({ resolved }: Pick<WholeCellData, 'resolved'>) => (
  <>
    <Table
      label="All settings"
      columns={[
        { name: 'Setting', show: ([path]) => path },
        { name: 'Value', show: ([, text]) => text },
      ]}
      rows={leavesOf(resolved)}
      keyOf={([path]) => path}
    />
    <p className="faint">
      The settings of this cell after defaults and axes are filled in. The id of the cell is their hash.
    </p>
  </>
)
