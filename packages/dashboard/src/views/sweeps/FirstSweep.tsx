import { Link } from '@tanstack/react-router'
import { Copy } from '../../parts/Copy.tsx'

/** What stands where there is no sweep yet. */
export function FirstSweep() {
  return (
    <div className="empty">
      <p>No sweep has been handed in yet.</p>
      <p>
        <Link to="/new">Begin one here</Link>, or with the command:
      </p>
      <Copy text="driftfarm example double-well > well.yaml && driftfarm run well.yaml" />
      <p>
        Or <Link to="/play">play with a landscape</Link> first.
      </p>
    </div>
  )
}
