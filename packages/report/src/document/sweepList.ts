import type { SweepState } from '@driftfarm/spec'
import { count, decimal, nonNegative, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { short } from '../format/quantity.ts'
import { renderRecords, type TableOptions, uncoloured } from '../format/table.ts'
import { define } from './define.ts'
import { settingsText } from './namesakes.ts'
import { idShape } from './origin.ts'
import { stateShape } from './sweep.ts'
import { timeShape } from './time.ts'

const lineShape = z.strictObject({
  id: idShape,
  name: z.string(),
  state: stateShape,
  cells: count,
  trialsDone: decimal,
  /** Number of requested trials; an upper limit if there is a stopping rule. */
  trialsRequested: decimal,
  submittedAt: timeShape,
  stopsByRule: z.boolean(),
  worst: z
    .strictObject({ cell: count, estimate: z.string(), relative: nonNegative })
    .nullable()
    .describe('The cell whose interval was widest relative to its estimate when this field was last updated.'),
  tags: z.record(z.string(), z.string()).describe('Tags of the spec.'),
  newest: z
    .boolean()
    .describe('Whether this is the newest sweep of its name. In commands, the name means the newest sweep.'),
  differs: z
    .array(z.strictObject({ path: z.string(), value: z.string() }))
    .describe(
      'Settings in which the newest five sweeps of the same name differ, with their values in this sweep. Empty if ' +
        'this sweep is not one of these five, or if no other sweep has the name.',
    ),
})
type ListedSweep = Plain<z.infer<typeof lineShape>>

const sweepListShape = z.strictObject({ sweeps: z.array(lineShape) })
export type SweepListData = Plain<z.infer<typeof sweepListShape>>

/** What `list` prints: the newest sweep first. */
export const sweepList = define('SweepList', sweepListShape, { table: sweepListTable })

/** A count that may exceed 2^53. */
type Whole = number | bigint

type Line = Omit<ListedSweep, 'state' | 'trialsDone' | 'trialsRequested'> & {
  readonly state: string
  readonly trialsDone: Whole
  readonly trialsRequested: Whole
}

export function sweepListData(lines: readonly Line[]): SweepListData {
  return {
    sweeps: lines.map((line) => ({
      ...line,
      state: line.state as SweepState,
      trialsDone: String(line.trialsDone),
      trialsRequested: String(line.trialsRequested),
    })),
  }
}

function sweepListTable({ sweeps }: SweepListData, page?: TableOptions): string {
  const options = uncoloured(page)
  const table = renderRecords(
    ['name', 'id', 'state', 'cells', 'trials', 'submitted (UTC)'],
    sweeps.map((sweep) => [
      sweep.name,
      sweep.id.slice(0, 12),
      sweep.state,
      sweep.cells,
      `${short(BigInt(sweep.trialsDone))} / ${short(BigInt(sweep.trialsRequested))}`,
      sweep.submittedAt.slice(0, 16).replace('T', ' '),
    ]),
    options,
  )
  const apart = sweeps.filter(({ differs }) => differs.length > 0)
  if (apart.length === 0) return table
  const told = apart.map((sweep) => [sweep.name, sweep.id.slice(0, 12), differsText(sweep)])
  return `${table}\n${renderRecords(['name', 'id', 'settings that differ'], told, options)}`
}

function differsText({ differs, newest }: ListedSweep): string {
  const text = settingsText(differs)
  return newest && text !== '' ? `newest: ${text}` : text
}
