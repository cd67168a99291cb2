import * as z from 'zod'
import type { Law } from '../cell.ts'
import { Mistake, misplacedKey } from '../errors.ts'
import { keys, oneKey, quantity, words } from '../field/field.ts'
import type { Frame } from '../field/frame.ts'
import { isSpherical, type LawName, lawNames, laws, mayBeSpherical, type NumberKeys, numberedLaws } from '../laws.ts'
import { collectEach, collectParts } from '../mistakes.ts'

const plain = lawNames.filter((name) => laws[name].number === null)
const written = [...plain, ...numberedLaws.map(({ name, key }) => `{${name}: {${key}}}`)]

type Quantity = ReturnType<typeof quantity>
type Numbered = { [Name in keyof NumberKeys]: z.ZodObject<Record<NumberKeys[Name], Quantity>> }

/** A law with its parameter inside, as in `{student: {nu: 3}}`. */
const numbered = Object.fromEntries(
  numberedLaws.map(({ name, key, range, description }) => {
    const schema = keys({ [key]: quantity(range, description) })
    return [name, schema.describe(`The distribution ${name} with its parameter.`)]
  }),
) as unknown as Numbered

/** The parameters of laws, which may also be written beside the law. */
const numbers = Object.fromEntries(
  numberedLaws.map(({ key, range, description }) => [key, quantity(range, description)]),
) as Record<NumberKeys[keyof NumberKeys], Quantity>

export const lawShape = {
  law: z
    .union([words(...lawNames), oneKey(numbered)], { error: `a distribution: ${written.join(', ')}` })
    .describe('The distribution of xi, independent for each coordinate. Default gaussian.'),
  ...numbers,
}
export const lawKeys: readonly string[] = Object.keys(lawShape)

/**
 * Reads a distribution written as `law: cauchy`, as `law: {student: {nu: 3}}`, or with its parameter beside it: `law:
 * student, nu: 3`.
 */
export function resolveLaw(frame: Frame): Law {
  const written = frame.get('law') ?? 'gaussian'
  const isWord = typeof written === 'string'
  const kind = (isWord ? written : Object.keys(written)[0]!) as LawName
  const holder = isWord ? frame : frame.inner('law').inner(kind)
  const { number } = laws[kind]
  const { law } = collectParts({
    numbers: () => refuseNumbers(frame, kind, isWord),
    law: () => (number === null ? { kind } : { kind, [number.key]: holder.number(number.key, number.range) }) as Law,
  })
  return law
}

function refuseNumbers(frame: Frame, kind: LawName, isWord: boolean): void {
  collectEach(numberedLaws, ({ key, name: owner }) => {
    if (frame.get(key) === undefined || (owner === kind && isWord)) return
    const hint = `${key} is a parameter of \`law: ${owner}\``
    throw misplacedKey(frame.at(key), owner === kind ? `${hint}; give it only once` : hint)
  })
}

/** The distributions `sphere` and `ball` are always spherical. For a Gaussian, `isotropic` makes no difference. */
export function resolveIsotropic(frame: Frame): boolean {
  const { kind } = resolveLaw(frame)
  const isWanted = frame.get('isotropic') === true
  if (isWanted && !mayBeSpherical(kind))
    throw new Mistake('DRIFT', frame.at('isotropic'), {
      value: true,
      reason: `the distribution ${kind} has no spherical form`,
      hint: `remove isotropic, or use one of ${lawNames.filter(mayBeSpherical).join(', ')}`,
    })
  return isSpherical(kind, isWanted)
}
