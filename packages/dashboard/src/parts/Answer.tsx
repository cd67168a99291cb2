import { type InputHTMLAttributes, useState } from 'react'
import { Field } from './controls.tsx'

interface AnswerProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'value'> {
  readonly label: string
  /** A field cannot show a list or a mapping. */
  readonly value: unknown
  /** Returns undefined if this is not a value. */
  read?(typed: string): unknown
  write(value: unknown): void
  readonly note?: string | null
  /** Whether the spec has a mistake at this value. */
  readonly isWrong?: boolean
}

/**
 * While the reader types, the field keeps what is typed, such as `0.` on the way to `0.5`. A value that returns later,
 * by way of the address, would move the cursor to the end. What is not a value stays until the value changes.
 */
export function Answer({ label, value, read = String, write, note = null, isWrong = false, ...input }: AnswerProps) {
  const [typed, setTyped] = useState<{ text: string; before: unknown } | null>(null)
  if (typeof value === 'object' && value !== null)
    return <Field label={label} value="as in the text" disabled readOnly />
  const isNoValue = typed !== null && read(typed.text) === undefined
  if (isNoValue && typed.before !== value) setTyped(null)
  return (
    <Field
      {...input}
      label={note === null ? label : `${label} (${note})`}
      value={typed?.text ?? String(value ?? '')}
      aria-invalid={isWrong || isNoValue}
      onChange={({ target }) => {
        setTyped({ text: target.value, before: value })
        const made = read(target.value)
        if (made !== undefined) write(made)
      }}
      onBlur={() => isNoValue || setTyped(null)}
    >
      {isNoValue && <span role="status">{`not a value; the spec keeps ${value ?? 'none'}`}</span>}
    </Field>
  )
}
