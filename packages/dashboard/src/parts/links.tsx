import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'

interface SweepLinkProps {
  readonly id: string
  readonly children: ReactNode
}

export const SweepLink = ({ id, children }: SweepLinkProps) => (
  <Link to="/sweeps/$ref" params={{ ref: id }}>
    {children}
  </Link>
)

/** Sweeps as links, separated by commas. */
export const SweepLinks = ({
  sweeps,
}: {
  readonly sweeps: readonly { readonly id: string; readonly name: string }[]
}) =>
  sweeps.map(({ id, name }, place) => (
    <Fragment key={id}>
      {place > 0 && ', '}
      <SweepLink id={id}>{name}</SweepLink>
    </Fragment>
  ))

export const CellLink = ({
  sweep,
  cell,
  children = cell,
}: {
  readonly sweep: string
  readonly cell: number
  readonly children?: ReactNode
}) => (
  <Link to="/sweeps/$ref/cells/$cell" params={{ ref: sweep, cell: String(cell) }}>
    {children}
  </Link>
)
