import { plainSettings, type SettingValue } from '@driftfarm/spec'
import type { WholeCellData } from '../document/cell.ts'
import { countText, short } from '../format/quantity.ts'
import { abbreviate, texts } from '../format/text.ts'

/** The parts of a setup in the order of a caption: the words, the setting, and the settings that belong to it. */
const parts = [
  ['loss', 'landscape.expression', /^landscape\.parameters\./],
  ['network', 'landscape.layers', /^landscape\.(activation|loss)$/],
  ['start', 'start', /^start\./],
  ['update', 'update.rule', /^update\.(?!rule$|drift)/],
  ['drift', 'update.drift', /^update\.drift\./],
  ['steps', 'trial.steps', /^$/],
  ['escape', 'trial.escape', /^trial\.escape\./],
  ['method', 'method', /^method\./],
] as const

/** These settings need no name in front of their values. */
const unnamed = /\.(form|law)$/

/** Most readers do not change these settings. */
const isUsual = (path: string, value: SettingValue): boolean =>
  value === null || value === false || value === 'direct' || (path.endsWith('.every') && value === 1)

/**
 * What was computed, for readers who have only the figure. Settings in which the cells differ are on its axes, and
 * are left out. The first cell is from the sweep itself.
 */
export function setupSentences(cells: readonly Pick<WholeCellData, 'sweep' | 'cell' | 'resolved'>[]): string[] {
  const [{ sweep, cell }] = cells as [(typeof cells)[number]]
  const [first, ...others] = cells.map(({ resolved }) => plainSettings(resolved))
  const told = [...first!].filter(
    ([path, value]) => !isUsual(path, value) && others.every((other) => other.get(path) === value),
  )
  const setup = parts.flatMap(([words, path, inside]) => {
    const values = told.flatMap(([key, value]) => {
      if (key === path) return [textOf(value)]
      if (!inside.test(key)) return []
      return [unnamed.test(key) ? textOf(value) : `${key.slice(key.lastIndexOf('.') + 1)} ${textOf(value)}`]
    })
    return values.length === 0 ? [] : [`${words} ${values.join(', ')}`]
  })
  const outcomes = told.some(([path, value]) => path === 'method' && value === 'splitting') ? 'replicas' : 'trials'
  const many = ({ trials }: { readonly trials: number | string }) => `${short(BigInt(trials))} ${outcomes}`
  return texts(
    setup.length > 0 && `${setup.join('; ')}.`.replace(/^./, (letter) => letter.toUpperCase()),
    cells.length === 1
      ? `${many(cell)} in cell ${cell.index}.`
      : `The sweep has ${many(sweep)} in ${countText(sweep.cells, 'cell')}.`,
  )
}

/** Numbers with at most six digits; lists without brackets. Coordinates of a network would fill the page. */
const textOf = (value: SettingValue): string =>
  typeof value === 'number'
    ? String(Number(value.toPrecision(6)))
    : abbreviate(
        String(value)
          .replace(/[[\]"]/g, '')
          .replaceAll(',', ', '),
        80,
      )
