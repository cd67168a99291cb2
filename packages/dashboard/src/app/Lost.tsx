import { Link } from '@tanstack/react-router'

export function Lost() {
  return (
    <section className="empty">
      <h1>There is nothing here</h1>
      <p>
        <Link to="/">To the sweeps</Link>
      </p>
    </section>
  )
}
