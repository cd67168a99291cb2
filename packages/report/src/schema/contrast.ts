import { count, type JsonSchema, object, share, text } from './json.ts'

/** JSON has no NaN and no infinities: they are text. */
const realNumber: JsonSchema = { anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity'] }] }

const own = '(clopper-pearson|wilson|jeffreys|inverse-binomial|beta-binomial)(/[0-9]+)?'

export const contrast: JsonSchema = {
  description: 'A probability in one cell against the same in another.',
  ...object(
    {
      of: text,
      kind: { description: 'difference: first minus second; ratio: first by second.', enum: ['difference', 'ratio'] },
      between: {
        description: 'The swept path that differs, with its two values.',
        type: 'object',
        additionalProperties: { type: 'array', minItems: 2, maxItems: 2 },
      },
      params: { description: 'Values of the swept paths that the two cells share.', type: 'object' },
      cells: { description: 'Their indices.', type: 'array', items: count, minItems: 2, maxItems: 2 },
      value: realNumber,
      low: realNumber,
      high: realNumber,
      confidence: share,
      method: {
        description:
          'miettinen-nurminen: of independent cells; tango, tang: of trials in pairs; bonferroni: of the intervals of the two cells, each at half of 1 - confidence, where the data may have ended the trials.',
        type: 'string',
        pattern: `^(miettinen-nurminen|tango|tang|bonferroni:${own}(,${own})?)$`,
      },
      paired: {
        description:
          'Trials of equal index by which of the two cells had the event; null where the cells are independent.',
        anyOf: [{ type: 'null' }, object({ both: count, first: count, second: count, neither: count })],
      },
      pValue: {
        description:
          "Of equal probabilities, by McNemar's exact test; null without pairs or where the data may have ended the trials.",
        anyOf: [{ type: 'null' }, share],
      },
    },
    { simultaneous: { description: 'Contrasts that share 1 - confidence.', ...count } },
  ),
}
