import { shown } from './document/value.ts'
import { fixed, over, type SpecErrorEntry, unknown } from './errorWords.ts'
import { limits } from './limits.ts'

/** Mistakes that concern a section of the spec: landscape, update, axes, files, method, trials and limits. */
export const sectionErrors = {
  MINIMUM_ABSENT: {
    says: ({ value }) => `with these parameters the minimum ${shown(value)} does not exist`,
    means: 'The named minimum does not exist for the given parameters.',
    fix: 'Give the point by its coordinates, or change the parameters.',
  },
  NOT_A_MINIMUM: {
    says: ({ value, reason }) => `${shown(value)} is not a minimum: ${reason}`,
    means: 'A point under `minima:` is a saddle, a maximum or a point on a slope.',
    fix: 'Correct the point (`driftfarm minima SPEC` finds minima), or name it under `points:` instead.',
  },
  SAME_MINIMUM: {
    says: ({ word, reason }) => `${shown(word)} and ${shown(reason)} are the same minimum`,
    means: 'Two names under `minima:` refer to the same minimum.',
    fix: 'Keep only one of the names.',
  },
  UNUSED_NAME: {
    says: ({ word, reason }) => `${shown(word)} is not used${reason === undefined ? '' : `: ${reason}`}`,
    means: 'A name is defined but never used in the spec.',
    fix: 'Remove it, or check the spelling of the name where it should be used.',
  },
  CONSTANT: {
    says: ({ value, reason }) =>
      `${shown(value)} is the same at every step: ${reason ?? 'it contains nothing that changes during a trial'}`,
    means: 'A condition, or a comparison of an accuracy (0 to 1) with a percentage, has the same result at every step.',
    fix: 'Write a condition on coordinates, loss, gradnorm, distance or step, such as "x >= 0".',
  },
  QUANTITY: {
    says: ({ word, reason }) => `${shown(word)} cannot be used here: ${reason}`,
    means: 'An expression uses a quantity that this cell does not have, or that cannot be used at this place.',
    fix: 'Use another quantity, or change the part of the spec that the message names.',
  },
  NETWORK: {
    means: 'These settings of a network cannot be combined, such as its output and its loss.',
    fix: 'Use the combination that the message names.',
  },
  DRIFT: {
    means:
      'This form of drift (injected noise) is not possible on this landscape. For example, there is no rotation in ' +
      'one dimension.',
    fix: 'Use another form, or another landscape.',
  },
  NO_MINIMA: {
    says: fixed('the landscape has no named minima'),
    means: '`of: any` refers to all named minima, but the landscape has none.',
    fix: 'Define minima under `minima:` of the landscape, or write the coordinates of a point in `of`.',
  },
  NOT_SWEEPABLE: {
    says: ({ word }) => `${shown(word)} cannot be swept`,
    means: 'An axis sweeps something that is not part of a cell, such as `trials` or `name`.',
    fix: 'Only paths in landscape, start, update, trial, seed, streams, method and let can be swept.',
  },
  AXIS: {
    says: ({ value, reason }) => `${shown(value)} cannot be swept: ${reason}`,
    means:
      'The values of an axis or of a design (`sobol`, `latin`, `points`) cannot be read. The list is empty, the ' +
      'value is neither a list nor a range, or a key of the range is wrong.',
    fix: 'Write a list of values, such as `[0.1, 0.2]`, or a range: `{from, to, count, scale}`.',
  },
  CONTRAST: {
    advice: 'write {of: escape, between: {PATH: [value, value]}} with two values of a swept path',
    means: 'A contrast does not name two different values of one axis, or no two cells differ only in these values.',
    fix: 'Write `{of: escape, between: {PATH: [value, value]}}` with two values of a swept path.',
  },
  AXES_OVERLAP: {
    says: ({ word, reason }) => `${shown(word)} and ${shown(reason)} are both swept`,
    means: 'Two axes sweep the same path, or one path is inside the other, such as `update.eta` inside `update`.',
    fix: 'Sweep each value with one axis only.',
  },
  SWEPT: {
    says: ({ word }) => `${shown(word)} is swept, so a single value would have no effect`,
    advice: ({ word, value }) => `set sweep.${word}=[${shown(value)}]`,
    means: '`--set` sets a value that an axis sweeps, so it would have no effect.',
    fix: 'Set the axis: `--set "sweep.update.eta=[0.1]"`.',
  },
  NO_CELLS: {
    says: fixed('no cell satisfies the condition'),
    means: 'No cell satisfies `where`.',
    fix: 'Loosen `where`.',
  },
  FILE: {
    says: ({ value, reason }) => `${shown(value)} cannot be used: ${reason}`,
    advice: 'file paths are relative to the folder of the spec',
    means: 'A file that the spec names does not exist, cannot be read, or has an unknown format.',
    fix: 'Correct the path. It is relative to the folder of the spec.',
  },
  FILE_TOO_LARGE: {
    says: ({ value, limit }) => `the file ${shown(value)} exceeds the limit of ${limit}`,
    means: `A file has more than ${limits.fileBytes} bytes.`,
    fix: 'Make the file smaller.',
  },
  DATA: {
    means: 'A data set is empty, has rows of different lengths, or has values that are not finite numbers.',
    fix: 'Correct the file or the list at the place that the message names.',
  },
  DATA_TOO_LARGE: {
    ...over,
    means:
      `A data set has more than ${limits.dataValues} numbers, a column has more than ${limits.labels} different ` +
      `words, or a word has more than ${limits.inputName} characters.`,
    fix: 'Use fewer samples or columns, or fewer or shorter words.',
  },
  UNKNOWN_COLUMN: {
    ...unknown('column'),
    means: 'The file has no column with this name.',
    fix: 'Use one of the names in the header. The message lists them.',
  },
  CSV: {
    says: fixed('this table cannot be read'),
    advice: 'write a header with the swept paths, then one line for each cell',
    means: 'A CSV file is not a table: its header is missing, or a line has a different number of entries.',
    fix: 'Write a header, then lines with one entry for each name in the header.',
  },
  OPTION: {
    advice: 'write --set path=value',
    means: 'The argument of `--set` does not have the form `path=value`.',
    fix: 'Write `--set update.eta=0.1`, and put the argument in quotes if your shell requires quotes.',
  },
  METHOD: {
    says: ({ word }) => `${shown(word)} cannot be used with this method`,
    means:
      'A key or an estimate cannot be used with the method. The methods `splitting` and `tilt` can estimate ' +
      'only escapes.',
    fix: 'Remove the key or the estimate, or use direct trials.',
  },
  THRESHOLD: {
    says: ({ word }) => `${shown(word)} cannot be combined with a threshold`,
    means: 'A key cannot be combined with `threshold`. The search decides by itself how many trials each point takes.',
    fix: 'Remove the key.',
  },
  HORIZON: {
    says: ({ value, limit, expected }) =>
      `${shown(value)} ${expected === undefined ? 'must be less than' : 'is beyond'} the horizon of ${limit} steps`,
    advice: ({ limit, expected }) =>
      expected === undefined ? `write integers from 1 to ${Number(limit) - 1}` : `write an integer ${expected}`,
    means: 'A horizon, a burn-in, an `every` or a `hold` is too large for the number of steps of a trial.',
    fix: 'Write a smaller number, or increase `trial.steps`.',
  },
  NEVER: {
    says: ({ value, limit }) => `${shown(value)} is false at every step from 1 to the horizon, ${limit}`,
    means: 'A condition refers to a step that no trial reaches, so it never holds.',
    fix: 'Name a step within the horizon, or increase `trial.steps`.',
  },
  TOO_MANY_CELLS: {
    ...over,
    means:
      `The sweep has more than ${limits.cells} cells, or more than ${limits.budgetedCells} cells that share a ` +
      `budget. Or the grid of a threshold search has more than ${limits.searchedCells} points.`,
    fix: 'Sweep fewer values, or use a design (`sobol`, `latin`) instead of a grid.',
  },
  TOO_MANY_CONTRASTS: {
    ...over,
    means: `The contrasts compare more than ${limits.contrastPairs} pairs of cells.`,
    fix: 'Compare fewer values, or sweep fewer values.',
  },
  TOO_MANY_TRIALS: {
    ...over,
    means: 'The spec requests more than 10^15 trials for a cell, or 10^18 for a sweep.',
    fix: 'Request fewer trials. For rare events, `method: splitting` needs fewer trials.',
  },
  TOO_MANY_DIMENSIONS: {
    ...over,
    means:
      `A network has more than ${limits.networkDimension} weights, or a landscape has more than ${limits.dimension} ` +
      `coordinates (${limits.shapeDimension} if its Hessian or covariance shapes the drift).`,
    fix: 'Use a smaller landscape.',
  },
  TOO_MANY_NAMES: {
    ...over,
    means:
      'The spec has too many exits, marks, classes, minima, points, parameters or drifts, or a custom rule has too ' +
      'many states.',
    fix: 'Define at most as many as the message allows.',
  },
} satisfies Record<string, SpecErrorEntry>
