import type { PlannedData } from '../document/plan.ts'
import { countText, significant } from './quantity.ts'
import { printable } from './text.ts'

const maxListed = 8

const scales = { standard: 'mean 0 and variance 1', range: '0 .. 1' } as const

/** The preprocessing of a data set in one line: `150 samples; 3 lines left out because of a missing value; ...`. */
export function dataText({ samples, inputs, dropped, filled, scaled, constant }: PlannedData): string {
  const parts = [
    `${samples} ${samples === 1 ? 'sample' : 'samples'}`,
    ...(dropped === 0 ? [] : [`${dropped} ${dropped === 1 ? 'line' : 'lines'} left out because of a missing value`]),
    ...filled
      .slice(0, maxListed)
      .map(
        ({ column, count, value }) =>
          `${count} missing ${count === 1 ? 'value' : 'values'} in ${column} filled with ${significant(value, 6)}`,
      ),
    ...(filled.length > maxListed
      ? [`missing values in ${countText(filled.length - maxListed, 'more column')} filled`]
      : []),
    `${inputs.length} ${inputs.length === 1 ? 'input' : 'inputs'}: ${listed(inputs)}`,
    ...(scaled === null ? [] : [`numeric inputs scaled to ${scales[scaled]}`]),
    ...(constant.length === 0 ? [] : [`constant inputs set to 0: ${listed(constant)}`]),
  ]
  return printable(parts.join('; '))
}

function listed(names: readonly string[]): string {
  const more = names.length - maxListed
  return more > 0 ? `${names.slice(0, maxListed).join(', ')} and ${more} more` : names.join(', ')
}
