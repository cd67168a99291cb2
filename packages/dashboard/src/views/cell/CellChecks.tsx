import type { WholeCellData } from '@driftfarm/report'

export function CellChecks({ checks }: { readonly checks: WholeCellData['cell']['checks'] }) {
  if (checks.length === 0) return null
  const order = { wrong: 0, doubtful: 1, note: 2, good: 3 } as const
  const sorted = [...checks].sort((a, b) => order[a.verdict] - order[b.verdict])
  return (
    <section className="findings" aria-label="Checks">
      <h2>Checks</h2>
      <ul>
        {sorted.map(({ name, verdict, text, hint }) => (
          <li key={`${name} ${text}`} className={`finding finding-${verdict}`}>
            <strong>{verdict}</strong> {text}
            {hint ? <span className="hint"> {hint}</span> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}
