import { FigureError } from '../error.ts'
import type { Source } from '../source.ts'
import type { Figure } from './figure.ts'
import { figureFrom } from './from.ts'
import type { SweepFigure } from './request.ts'

const kindsOfOption: Readonly<Partial<Record<keyof SweepFigure, readonly string[]>>> = {
  x: ['line', 'map', 'boundary', 'ends'],
  y: ['map'],
  by: ['line', 'boundary', 'curve', 'fit', 'residuals', 'convergence'],
  of: ['line', 'map', 'convergence', 'contrast'],
  log: ['line', 'map', 'boundary', 'curve', 'convergence', 'trajectory', 'contrast'],
  where: ['line', 'map', 'boundary', 'curve', 'ends', 'fit', 'residuals', 'convergence'],
  show: ['map'],
  oracle: ['line'],
  theorem: ['line'],
  fit: ['fit', 'residuals'],
  cell: ['trajectory', 'convergence'],
  trials: ['trajectory'],
}

/** Returns an option, with its value if there is one, as users type it: `--x` or `--kind map` on a command line. */
type Named = (option: keyof SweepFigure, value?: string) => string

/** Throws a FigureError USAGE if an option does not apply to the kind. */
export function requireApplicableOptions(
  request: Omit<SweepFigure, 'kind'> & { readonly kind?: string | undefined },
  named: Named,
) {
  const { kind } = request
  for (const [key, kinds] of Object.entries(kindsOfOption)) {
    const option = key as keyof SweepFigure
    if (request[option] === undefined || kind === undefined || kinds.includes(kind)) continue
    throw new FigureError('USAGE', `${named(option)} does not apply to ${named('kind', kind)}`, {
      hint: `it applies to ${named('kind', kinds.join(' or '))}: remove ${named(option)} or change the kind`,
    })
  }
  if (kind === undefined && request.fit !== undefined)
    throw new FigureError('USAGE', `${named('fit')} needs ${named('kind', 'fit')}`, {
      hint: `add ${named('kind', 'fit')}`,
    })
  if (kind === undefined && request.trials !== undefined)
    throw new FigureError('USAGE', `${named('trials')} needs ${named('kind', 'trajectory')}`, {
      hint: `add ${named('kind', 'trajectory')}`,
    })
}

/** A figure of a sweep, of the requested kind or of the kind that its axes suggest. */
export function figureOf(source: Source, sweep: string, { fit, ...request }: SweepFigure): Promise<Figure> {
  return figureFrom(source, sweep, { ...request, formula: fit })
}
