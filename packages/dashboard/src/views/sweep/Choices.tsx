import type { Figure, SweepListData } from '@driftfarm/report'
import { Check, Select } from '../../parts/controls.tsx'
import type { SweepSearch, TabProps } from './search.ts'

/** A list whose choice is a part of the address. */
type Choice = readonly [
  label: string,
  key: keyof SweepSearch,
  value: string,
  options: readonly (readonly [value: string, text: string])[],
]

interface ChoicesProps extends Pick<TabProps, 'change'> {
  /** Those that are false are left out. */
  readonly choices: readonly (Choice | false)[]
}

/** An empty value is left out of the address. */
export const Choices = ({ choices, change }: ChoicesProps) =>
  choices.map(
    (choice) =>
      choice && (
        <Select
          key={choice[1]}
          label={choice[0]}
          value={choice[2]}
          options={choice[3]}
          choose={(next) => change({ [choice[1]]: next || undefined })}
        />
      ),
  )

/** Sweeps as options of a list. Older sweeps of the same name have the beginning of their id. */
export const sweepOptions = (sweeps: SweepListData['sweeps']) =>
  sweeps.map(({ id, name, newest }) => [id, newest ? name : `${name} (${id.slice(0, 8)})`] as const)

interface LogChoiceProps extends Pick<TabProps, 'search' | 'change'> {
  readonly axis: 'x' | 'y' | 'z'
  /** The figure as it is drawn: an axis may be logarithmic although nobody chose it. */
  readonly figure?: Figure | undefined
}

const always = 'The values of this axis are spaced evenly on a log scale, so the axis is always logarithmic.'

/** Whether an axis, or the colours as axis `z`, are logarithmic. */
export function LogChoice({ axis, figure, search: { log = '' }, change }: LogChoiceProps) {
  const logs = log.split(',').filter((each) => each !== '')
  const isLog = logs.includes(axis)
  const next = isLog ? logs.filter((each) => each !== axis) : [...logs, axis]
  const fixed = !isLog && figure?.[axis === 'z' ? 'color' : axis]?.scale === 'log' ? always : undefined
  const toggle = (): void => change({ log: next.join(',') || undefined })
  const label = axis === 'z' ? 'log colours' : `log ${axis}`
  return <Check {...{ label, fixed, toggle }} checked={isLog || fixed !== undefined} />
}
