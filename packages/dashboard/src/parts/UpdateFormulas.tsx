import { updateFormulas } from '@driftfarm/report'
import type { Cell } from '@driftfarm/spec'

/** One step of the update of a resolved cell as formulas. A report file may not know the cell. */
export function UpdateFormulas({ cell }: { readonly cell: object }) {
  const { update } = cell as Partial<Cell>
  return (
    update && (
      <ul className="formulas" aria-label="Update">
        {updateFormulas(update).map((text) => (
          <li key={text}>
            <code>{text}</code>
          </li>
        ))}
      </ul>
    )
  )
}
