import type { StatusData } from '@driftfarm/report'
import { Link } from '@tanstack/react-router'
import { Fragment, type PropsWithChildren } from 'react'

export const SweepLink = ({ id, children }: PropsWithChildren<{ readonly id: string }>) => (
  <Link to="/sweeps/$ref" params={{ ref: id }}>
    {children}
  </Link>
)

/** Sweeps as links, separated by commas. */
export const SweepLinks = ({ sweeps }: { readonly sweeps: readonly Pick<StatusData, 'id' | 'name'>[] }) =>
  sweeps.map(({ id, name }, place) => (
    <Fragment key={id}>
      {place > 0 && ', '}
      <SweepLink id={id}>{name}</SweepLink>
    </Fragment>
  ))

type CellLinkProps = PropsWithChildren<{ readonly sweep: string; readonly cell: number }>

export const CellLink = ({ sweep, cell, children = cell }: CellLinkProps) => (
  <Link to="/sweeps/$ref/cells/$cell" params={{ ref: sweep, cell: String(cell) }}>
    {children}
  </Link>
)
