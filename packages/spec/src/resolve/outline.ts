import type { Landscape } from '../cell.ts'
import type { Path } from '../document/path.ts'
import { consequentialMistake, validOrNull } from '../mistakes.ts'
import { once } from '../once.ts'
import { presetNamed } from '../presets/index.ts'
import { networkData } from './data.ts'
import type { Frame } from './frame.ts'
import { onlyOne } from './keys.ts'
import { landscapeKinds } from './landscape.ts'
import { type Minima, type Minimum, noMinima } from './minima.ts'
import { dataHolder, networkSize } from './network.ts'
import { resolvePoint } from './point.ts'
import type { ResolvedLandscape } from './resolvedLandscape.ts'
import type { Scope } from './scope.ts'
import { sketchOfFormula, sketchOfPreset } from './unparsedLandscape.ts'
import { eventQuantities } from './vocabulary.ts'

/**
 * The known parts of a landscape that has mistakes, so that starts and events can be checked too. Reading an unknown
 * part throws an empty list of mistakes (see `consequentialMistake`).
 */
export function outlineOf(scope: Scope): ResolvedLandscape {
  const frame = scope.root.inner('landscape')
  const kind = once(() => onlyOne(frame, landscapeKinds))
  const sketch = once(() => (kind() === 'preset' ? sketchOfPreset(scope, frame) : sketchOfFormula(scope, frame)))
  const data = () => networkData(scope, dataHolder(frame).inner('data'))
  const size = once(() =>
    kind() === 'network' ? { variables: null, dimension: networkSize(scope, frame, data) } : sketch().size(),
  )
  return {
    landscape: {
      get kind() {
        return kind() === 'network' ? 'network' : 'formula'
      },
      get dimension() {
        return size().dimension
      },
      get variables() {
        return size().variables
      },
      get parameters() {
        throw consequentialMistake()
      },
    } as unknown as Landscape,
    get data() {
      if (kind() === 'preset') return null
      throw consequentialMistake()
    },
    get minima() {
      return soundMinima(scope, frame, kind(), size().dimension)
    },
    get vocabulary() {
      const names = kind() === 'network' ? [] : sketch().parameterNames()
      return { ...size(), parameters: new Set(names), quantities: eventQuantities }
    },
  }
}

function soundMinima(scope: Scope, frame: Frame, kind: (typeof landscapeKinds)[number], dimension: number): Minima {
  const known = kind === 'preset' ? presetMinima(scope, frame) : noMinima
  const holders = kind === 'preset' ? [frame] : [frame.inner(kind), frame]
  const broken = [...known.broken]
  const places = new Map<string, Path>()
  const points = (key: 'minima' | 'points') =>
    holders.flatMap((holder) => {
      const own = holder.inner(key)
      return Object.keys(own.object).flatMap((name): Minimum[] => {
        const point = validOrNull(() => resolvePoint(scope, own, name, dimension))
        if (point === null) broken.push(name)
        return point === null ? [] : [[name, point]]
      })
    })
  const all = points('minima')
  const others = known.all.filter(([name]) => !all.some(([own]) => own === name))
  return { all: [...others, ...all], absent: known.absent, points: points('points'), broken, places }
}

function presetMinima(scope: Scope, frame: Frame): Minima {
  const made = validOrNull(() => sketchOfPreset(scope, frame).minima())
  if (made !== null) return made
  const preset = presetNamed(String(frame.get('preset')))
  if (preset === undefined) throw consequentialMistake()
  return { ...noMinima, broken: preset.minima.map(({ name }) => name) }
}
