import { Link } from '@tanstack/react-router'

export function ConnectionLost() {
  return (
    <section className="empty">
      <h1>Page not found</h1>
      <p>
        <Link to="/">Go to the list of sweeps</Link>
      </p>
    </section>
  )
}
