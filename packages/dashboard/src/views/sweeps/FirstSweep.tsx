import { Link } from '@tanstack/react-router'
import { Copy } from '../../parts/Copy.tsx'

export function FirstSweep() {
  return (
    <div className="empty">
      <p>No sweeps yet.</p>
      <p>
        <Link to="/new">Create a sweep</Link> here, or on the command line:
      </p>
      <Copy text="driftfarm example double-well > well.yaml && driftfarm run well.yaml" />
      <p>
        Or <Link to="/play">try a landscape in the playground</Link> first.
      </p>
    </div>
  )
}
