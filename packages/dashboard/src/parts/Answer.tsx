import { type InputHTMLAttributes, useId, useState } from 'react'
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
  const id = useId()
  const [typed, setTyped] = useState<{ text: string; before: unknown } | null>(null)
  if (typeof value === 'object' && value !== null)
    return <Field label={label} value="as in the text" disabled readOnly />
  const isNoValue = typed !== null && read(typed.text) === undefined
  const isOver = isNoValue && typed.before !== value
  return (
    <>
      <Field
        {...input}
        label={note === null ? label : `${label} (${note})`}
        value={typed === null || isOver ? String(value ?? '') : typed.text}
        aria-invalid={isWrong || (isNoValue && !isOver)}
        aria-describedby={id}
        onChange={({ target }) => {
          setTyped({ text: target.value, before: value })
          const made = read(target.value)
          if (made !== undefined) write(made)
        }}
        onBlur={() => isNoValue || setTyped(null)}
      />
      <span id={id} className="no-value">
        {isNoValue && !isOver && `not a value; the spec keeps ${value ?? 'none'}`}
      </span>
    </>
  )
}
