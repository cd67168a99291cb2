import { useId } from 'react'

interface Props {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, text: string])[]
  choose(value: string): void
}

export function Select({ label, value, options, choose }: Props) {
  const id = useId()
  return (
    <span className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => choose(event.target.value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </span>
  )
}
