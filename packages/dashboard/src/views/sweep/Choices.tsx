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

interface LogChoiceProps extends Pick<TabProps, 'search' | 'change'> {
  readonly label: string
  readonly axis: 'x' | 'y' | 'z'
}

/** Whether an axis, or the colours as axis `z`, are logarithmic. */
export function LogChoice({ label, axis, search: { log = '' }, change }: LogChoiceProps) {
  const logs = log.split(',').filter((each) => each !== '')
  const isLog = logs.includes(axis)
  const next = isLog ? logs.filter((each) => each !== axis) : [...logs, axis]
  return <Check label={label} checked={isLog} toggle={() => change({ log: next.join(',') || undefined })} />
}
