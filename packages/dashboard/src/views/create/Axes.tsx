import type { SpecFinding } from '@driftfarm/spec'
import type { SpecChange } from '../../compute/changeSpec.ts'
import { Answer } from '../../parts/Answer.tsx'
import { Button, Check, Select } from '../../parts/controls.tsx'
import { type Axis, type Form, listOf, rangeAround, settingOf, valueAt } from './form.ts'

interface Props {
  readonly form: Form
  readonly mistakes: readonly SpecFinding[]
  set(...changes: readonly SpecChange[]): void
}

/** The axes of a sweep: a range or a list of values for each varied setting. */
export function Axes({ form, mistakes, set }: Props) {
  const { axes, free, document } = form
  const added = ['update.drift.sigma', 'update.eta', ...free].find((path) => free.includes(path))
  const rangeOf = (path: string) => ({ path: `sweep.${path}`, value: rangeAround(path, valueAt(document, path)) })
  return (
    <>
      {axes.map((axis) => {
        const change = (value?: unknown) => ({ path: `sweep.${axis.path}`, value })
        return (
          <fieldset key={axis.path} className="controls" aria-label={`Axis ${axis.path}`}>
            <Select
              label="Setting"
              value={axis.path}
              options={[axis.path, ...free].map((path) => [path, path] as const)}
              choose={(path) => set(change(), rangeOf(path))}
            />
            <Values
              axis={axis}
              isWrong={mistakes.some(({ path }) => path === axis.path || path?.startsWith(`sweep.${axis.path}`))}
              write={(value) => set(change(value))}
            />
            <Button label="Remove" small aria-label={`Remove the axis ${axis.path}`} onClick={() => set(change())} />
          </fieldset>
        )
      })}
      {added !== undefined && <Button label="Vary another setting" small onClick={() => set(rangeOf(added))} />}
    </>
  )
}

interface ValuesProps {
  readonly axis: Axis
  readonly isWrong: boolean
  write(value: unknown): void
}

function Values({ axis: { values }, isWrong, write }: ValuesProps) {
  if (values === null) return <span className="faint">values as in the text</span>
  if (isList(values))
    return <Answer label="Values" value={values.join(', ')} read={listOf} write={write} isWrong={isWrong} />
  const part = (key: 'from' | 'to' | 'count', label: string) => (
    <Answer
      label={label}
      value={values[key]}
      read={settingOf}
      write={(value) => write({ ...values, [key]: value })}
      isWrong={isWrong}
    />
  )
  return (
    <>
      {part('from', 'From')}
      {part('to', 'To')}
      {part('count', 'Count')}
      {Number(values.from) > Number(values.to) && <span className="faint">falls from high to low</span>}
      <Check
        label="logarithmic"
        checked={values.scale === 'log'}
        toggle={() => {
          const { scale, ...rest } = values
          write(scale === 'log' ? rest : { ...rest, scale: 'log' })
        }}
      />
    </>
  )
}

const isList = (values: NonNullable<Axis['values']>): values is readonly unknown[] => Array.isArray(values)
