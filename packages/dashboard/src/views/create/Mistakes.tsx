import type { Fix, SpecFinding } from '@driftfarm/spec'
import { Button } from '../../parts/controls.tsx'
import { marked } from '../../parts/states.tsx'
import { mistakeText } from './mistakeText.ts'

interface Props {
  readonly mistakes: readonly SpecFinding[]
  apply(fix: Fix): void
}

export const Mistakes = ({ mistakes, apply }: Props) => (
  <ul className="mistakes">
    {mistakes.map(({ line, column, path, message, hint, fix }) => (
      <li key={`${line} ${column} ${path} ${message}`}>
        {line === null ? '' : `${line}:${column} `}
        {marked(mistakeText(message, hint))}
        {fix !== undefined && (
          <>
            {' '}
            <Button label="Apply fix" small aria-label={`Apply fix in line ${line}`} onClick={() => apply(fix)} />
          </>
        )}
      </li>
    ))}
  </ul>
)
