import { shown } from './document/value.ts'
import { fixed, over, type SpecErrorEntry, unknown } from './errorWords.ts'
import { limits } from './limits.ts'

/** Mistakes that concern a section of the spec: landscape, update, axes, files, method, trials and limits. */
export const sectionErrors = {
  MINIMUM_ABSENT: {
    words: ({ value }) => ({
      says: `with these parameters the minimum ${shown(value)} does not exist`,
      hint: 'give the point by its coordinates, or change the parameters',
    }),
    means: 'The named minimum does not exist for the given parameters.',
    fix: 'Give the point by its coordinates, or change the parameters.',
  },
  NOT_A_MINIMUM: {
    words: ({ value, reason, hint }) => ({
      says: `${shown(value)} is not a minimum: ${reason}`,
      hint: hint ?? 'correct the point (`driftfarm minima SPEC` finds minima), or name it under `points:` instead',
    }),
    means: 'A point under `minima:` is a saddle, a maximum or a point on a slope.',
    fix: 'Correct the point (`driftfarm minima SPEC` finds minima), or name it under `points:`.',
  },
  SAME_MINIMUM: {
    words: ({ word, reason }) => ({
      says: `${shown(word)} and ${shown(reason)} are the same minimum`,
      hint: 'keep only one of the names',
    }),
    means: 'Two names under `minima:` refer to the same minimum.',
    fix: 'Keep only one of them.',
  },
  UNUSED_NAME: {
    words: ({ word, reason, hint }) => ({
      says: `${shown(word)} is not used${reason === undefined ? '' : `: ${reason}`}`,
      hint: hint ?? 'remove it, or check the spelling of the name where it should be used',
    }),
    means: 'A name is defined but never used in the spec.',
    fix: 'Remove it, or check the spelling of the name where it should be used.',
  },
  CONSTANT: {
    words: ({ value, reason, hint }) => ({
      says: `${shown(value)} ${reason ?? 'is the same at every step: it contains nothing that changes during a trial'}`,
      hint: hint ?? 'write a condition on coordinates, loss, gradnorm, distance or step, such as "x >= 0"',
    }),
    means: 'A condition is the same at every step: it contains nothing that changes during a trial.',
    fix: 'Write a condition on coordinates, `loss`, `gradnorm`, `distance` or `step`.',
  },
  NETWORK: {
    words: ({ value, reason, hint }) => ({
      says: `${shown(value)}: ${reason}`,
      hint: hint ?? 'see `landscape.network` in the reference',
    }),
    means: 'This output and this loss of a network cannot be combined.',
    fix: 'Use the combination that the message names.',
  },
  DRIFT: {
    words: ({ value, reason, hint }) => ({
      says: `${shown(value)}: ${reason}`,
      hint: hint ?? 'see `update.drift` in the reference',
    }),
    means:
      'This form of drift (injected noise) is not possible on this landscape. For example, there is no rotation in ' +
      'one dimension.',
    fix: 'Use another form, or another landscape.',
  },
  NO_MINIMA: {
    words: fixed(
      'the landscape has no named minima',
      'define minima under `minima:` of the landscape, or write the coordinates of a point in `of`',
    ),
    means: '`of: any` refers to all named minima, but the landscape has none.',
    fix: 'Define minima under `minima:` of the landscape, or write the coordinates of a point in `of`.',
  },
  NOT_SWEEPABLE: {
    words: ({ word, hint }) => ({
      says: `${shown(word)} cannot be swept`,
      hint: hint ?? 'only paths in landscape, start, update, trial, seed, streams, method and let can be swept',
    }),
    means: 'An axis sweeps something that is not part of a cell, such as `trials` or `name`.',
    fix: 'Sweep only paths in landscape, start, update, trial, seed, streams, method or let.',
  },
  AXIS: {
    words: ({ value, reason, hint }) => ({
      says: `${shown(value)} cannot be swept: ${reason}`,
      hint: hint ?? 'write a list of values or {from, to, count, scale}',
    }),
    means:
      'The values of an axis or of a design (`sobol`, `latin`, `points`) cannot be read. The list is empty, the ' +
      'value is neither a list nor a range, or a key of the range is wrong.',
    fix: 'Write a list of values, such as `[0.1, 0.2]`, or a range: `{from, to, count, scale}`.',
  },
  CONTRAST: {
    words: ({ value, reason, hint }) => ({
      says: value === undefined ? `${reason}` : `${shown(value)}: ${reason}`,
      hint: hint ?? 'write {of: escape, between: {PATH: [value, value]}} with two values of a swept path',
    }),
    means: 'A contrast does not name two different values of one axis, or no two cells differ only in these values.',
    fix: 'Write `{of: escape, between: {PATH: [value, value]}}` with two values of a swept path.',
  },
  AXES_OVERLAP: {
    words: ({ word, reason, hint }) => ({
      says: `${shown(word)} and ${shown(reason)} are both swept`,
      hint: hint ?? 'sweep each value with one axis only',
    }),
    means: 'Two axes sweep the same path, or one path is inside the other, such as `update.eta` inside `update`.',
    fix: 'Sweep each value with one axis only.',
  },
  SWEPT: {
    words: ({ word, value }) => ({
      says: `${shown(word)} is swept, so a single value would have no effect`,
      hint: `set sweep.${word}=[${shown(value)}]`,
    }),
    means: '`--set` sets a value that an axis sweeps, so it would have no effect.',
    fix: 'Set the axis: `--set "sweep.update.eta=[0.1]"`.',
  },
  NO_CELLS: {
    words: fixed('no cell satisfies the condition', 'loosen `where`'),
    means: 'No cell satisfies `where`.',
    fix: 'Loosen the condition.',
  },
  FILE: {
    words: ({ value, reason, hint }) => ({
      says: `${shown(value)} cannot be used: ${reason}`,
      hint: hint ?? 'file paths are relative to the folder of the spec',
    }),
    means: 'A file that the spec names does not exist, cannot be read, or has an unknown format.',
    fix: 'Correct the path. It is relative to the folder of the spec.',
  },
  FILE_TOO_LARGE: {
    words: ({ value, limit }) => ({
      says: `the file ${shown(value)} exceeds the limit of ${limit}`,
      hint: 'make the file smaller',
    }),
    means: `A file has more than ${limits.fileBytes} bytes.`,
    fix: 'Make the file smaller.',
  },
  DATA: {
    words: ({ value, reason, hint }) => ({
      says: value === undefined ? `${reason}` : `${shown(value)}: ${reason}`,
      hint: hint ?? 'every value of a data set must be a finite number',
    }),
    means: 'A data set is empty, has rows of different lengths, or has values that are not finite numbers.',
    fix: 'Correct the file or the list at the place that the message names.',
  },
  DATA_TOO_LARGE: {
    words: over,
    means:
      `A data set has more than ${limits.dataValues} numbers, a column has more than ${limits.labels} different ` +
      `words, or a word has more than ${limits.inputName} characters.`,
    fix: 'Use fewer samples or columns, or fewer or shorter words.',
  },
  UNKNOWN_COLUMN: {
    words: unknown('column'),
    means: 'The file has no column with this name.',
    fix: 'Use one of the names in the header. The message lists them.',
  },
  CSV: {
    words: fixed('this table cannot be read', 'write a header with the swept paths, then one line for each cell'),
    means: 'A CSV file is not a table: its header is missing, or a line has a different number of entries.',
    fix: 'Write a header, then lines with one entry for each name in the header.',
  },
  OPTION: {
    words: ({ value, reason }) => ({ says: `${shown(value)}: ${reason}`, hint: 'write --set path=value' }),
    means: 'The argument of `--set` does not have the form `path=value`.',
    fix: 'Write `--set update.eta=0.1`, and put the argument in quotes if your shell requires quotes.',
  },
  METHOD: {
    words: ({ word, hint }) => ({ says: `${shown(word)} cannot be used with this method`, hint: hint ?? '' }),
    means:
      'A key or an estimate cannot be used with the method. The methods `splitting` and `tilt` can estimate ' +
      'only escapes.',
    fix: 'Remove the key or the estimate, or use direct trials.',
  },
  THRESHOLD: {
    words: ({ word, hint }) => ({ says: `${shown(word)} cannot be combined with a threshold`, hint: hint ?? '' }),
    means: 'A key cannot be combined with `threshold`. The search decides by itself how many trials each point takes.',
    fix: 'Remove the key.',
  },
  HORIZON: {
    words: ({ value, limit, expected }) => {
      const relation = expected === undefined ? 'must be less than' : 'is beyond'
      return {
        says: `${shown(value)} ${relation} the horizon of ${limit} steps`,
        hint: expected === undefined ? `write integers from 1 to ${Number(limit) - 1}` : `write an integer ${expected}`,
      }
    },
    means: 'A horizon, a burn-in, an `every` or a `hold` is too large for the number of steps of a trial.',
    fix: 'Write a smaller number, or increase `trial.steps`.',
  },
  NEVER: {
    words: ({ value, limit }) => ({
      says: `${shown(value)} is false at every step from 1 to the horizon, ${limit}`,
      hint: 'name a step within the horizon, or increase `trial.steps`',
    }),
    means: 'A condition refers to a step that no trial reaches, so it never holds.',
    fix: 'Name a step within the horizon, or increase `trial.steps`.',
  },
  TOO_MANY_CELLS: {
    words: over,
    means:
      `The sweep has more than ${limits.cells} cells, or more than ${limits.budgetedCells} cells that share a ` +
      `budget. Or the grid of a threshold search has more than ${limits.searchedCells} points.`,
    fix: 'Sweep fewer values, or use a design (`sobol`, `latin`) instead of a grid.',
  },
  TOO_MANY_CONTRASTS: {
    words: over,
    means: `The contrasts compare more than ${limits.contrastPairs} pairs of cells.`,
    fix: 'Compare fewer values, or sweep fewer values.',
  },
  TOO_MANY_TRIALS: {
    words: over,
    means: 'The spec requests more than 10^15 trials for a cell, or 10^18 for a sweep.',
    fix: 'Request fewer trials. For rare events, `method: splitting` needs fewer trials.',
  },
  TOO_MANY_DIMENSIONS: {
    words: over,
    means:
      `A network has more than ${limits.networkDimension} weights, or a landscape has more than ${limits.dimension} ` +
      `coordinates (${limits.shapeDimension} if its Hessian or covariance shapes the drift).`,
    fix: 'Use a smaller landscape.',
  },
  TOO_MANY_NAMES: {
    words: over,
    means:
      'The spec has too many exits, marks, classes, minima, points, parameters or drifts, or a custom rule has too ' +
      'many states.',
    fix: 'Define at most as many as the message allows.',
  },
} satisfies Record<string, SpecErrorEntry>
