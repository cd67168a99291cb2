import type { Meanings } from '@driftfarm/formula'
import type { SpecError } from './errors.ts'
import { limits } from './limits.ts'

export const specMeanings = {
  SPEC_TOO_LARGE: {
    means: `The spec has more than ${limits.bytes} bytes, or a mapping has more than ${limits.keys} keys.`,
    hint: 'Move tables to CSV files and name the files in the spec.',
  },
  EMPTY: {
    means: 'The file is empty or contains only comments.',
    hint: 'Start with `version: 1`. `driftfarm example` lists specs to start from.',
  },
  SYNTAX: {
    means: 'The text is neither YAML nor JSON.',
    hint:
      'Correct the text at the reported line and column. If a quote or bracket is not closed, the mistake may be ' +
      'above this line.',
  },
  NOT_A_MAPPING: {
    means: 'The spec as a whole is a list or a single value.',
    hint: 'Write lines of the form `key: value`, beginning with `version: 1`.',
  },
  DUPLICATE_KEY: {
    means:
      'A key is given twice in one mapping. Or it is given inside a section and also beside the section, such as ' +
      '`data` inside `network` and beside it.',
    hint: 'Keep only one of them.',
  },
  KEY_REFUSED: {
    means: 'A key is neither text nor a number, or is a name that JavaScript reserves, such as `__proto__`.',
    hint: 'Use another key.',
  },
  TEXT_REFUSED: {
    means: 'A string contains a character that cannot be stored: NUL, or half of a surrogate pair.',
    hint: 'Remove the character.',
  },
  NOT_UTF8: {
    means:
      'A spec, or a table that a spec names, is not encoded as UTF-8, so text would be misread. Korean Excel, for ' +
      'example, saves tables as CP949.',
    hint: 'Convert the file: `iconv -f CP949 -t UTF-8 OLD > NEW`. A UTF-8 byte order mark is allowed.',
  },
  TOO_DEEP: {
    means:
      `Mappings and lists are nested more than ${limits.nesting} levels deep, or more than ${limits.dependencies} ` +
      'numbers depend on one another in a chain.',
    hint: 'Nest the spec less deeply, or shorten the chain.',
  },
  ALIAS_REFUSED: {
    means: 'A YAML alias (`*name`) is not defined, contains itself, or repeats too many values.',
    hint: 'Write the value instead of the alias, or put text that begins with `*` in quotes.',
  },
  TAG_REFUSED: {
    means: 'The spec uses a YAML tag (`!name`). Tags are not supported.',
    hint: 'Remove the tag, or put an expression that begins with `!` in quotes.',
  },
  VERSION: {
    means: 'The version of the spec is not 1.',
    hint: 'Write `version: 1`, without quotes.',
  },
  MISSING: {
    means: 'A required key is missing.',
    hint: 'Add what the message names.',
  },
  UNKNOWN_KEY: {
    means: 'This section has no such key. The key may be mistyped, or belong to another section.',
    hint: 'Use the key that the message suggests, or remove the wrong key.',
  },
  UNKNOWN_WORD: {
    means: 'A value is not one of the words that are allowed here.',
    hint: 'Use one of the words that the message lists.',
  },
  UNKNOWN_PRESET: {
    means: 'There is no landscape, or no data set, with this name.',
    hint: '`driftfarm landscapes` lists the landscapes. The message lists the data sets.',
  },
  UNKNOWN_PARAMETER: {
    means: 'The landscape has no parameter with this name.',
    hint: '`driftfarm landscapes NAME` lists its parameters.',
  },
  UNKNOWN_MINIMUM: {
    means: 'The landscape has no minimum with this name.',
    hint: 'Define it under `minima:` of the landscape, or use a minimum that the message lists.',
  },
  UNKNOWN_POINT: {
    means: 'The landscape has no point with this name.',
    hint: 'Define the point under `points:` in the landscape, or use one of the points listed in the message.',
  },
  UNKNOWN_NAME: {
    means: 'An expression uses a name that is not defined where the expression is written.',
    hint: 'Correct the name, or define it under `let:` or `parameters:`.',
  },
  UNKNOWN_ESTIMATE: {
    means:
      'No cell of the sweep has an estimate with this name. The name is mistyped, or the event of the estimate is ' +
      'not defined.',
    hint: 'Use one of the names in the message, or define the event under `trial:`.',
  },
  UNKNOWN_PATH: {
    means: 'The path of an axis, of `--set` or of a contrast does not exist in the spec.',
    hint: 'Write the whole path with dots, such as `update.drift.sigma`.',
  },
  WRONG_TYPE: {
    means: 'A value has the wrong type, for example a string where a number is needed.',
    hint: 'Write a value of the type that the message names.',
  },
  EXACTLY_ONE: {
    means: 'Exactly one of several keys must be given, but the spec gives none or several of them.',
    hint: 'Keep exactly one of the keys that the message lists.',
  },
  OUT_OF_RANGE: {
    means: 'A number is outside the range allowed here.',
    hint: 'Write a number in the range that the message gives.',
  },
  NOT_AN_INTEGER: {
    means: 'A whole number is required here.',
    hint: 'Write a whole number.',
  },
  NOT_FINITE: {
    means: 'An expression evaluates to infinity or NaN, such as `1/0`.',
    hint: 'Correct the expression. Every number must be finite.',
  },
  SEED: {
    means: 'The seed is not an integer from 0 to 18446744073709551615.',
    hint: 'Write an integer in this range, or a string in decimal or 0x hex. The default is 0.',
  },
  WRONG_DIMENSION: {
    means: 'The number of entries of a point or a matrix does not match the dimension of the landscape.',
    hint: 'Write as many entries as the message requires.',
  },
  EXPRESSION: {
    means: 'An expression is not valid. [The expression codes](#expressions) explain each mistake.',
    hint: 'The message gives the place and what to write.',
  },
  EXPRESSION_TOO_LARGE: {
    means: `An expression has more than ${limits.nodes} numbers, names and operators.`,
    hint: 'Write repeated terms as `sum(i, from, to, ...)`.',
  },
  NOT_A_CONDITION: {
    means: 'A condition is a plain number and compares nothing.',
    hint: 'Write a comparison, such as `"x >= 0"`.',
  },
  NOT_A_NUMBER: {
    means: 'A condition is written where a number is needed.',
    hint: 'Write a number instead of the condition.',
  },
  NOT_ONE_NUMBER: {
    means:
      'A name stands for several numbers here: it is swept, it is a schedule, or several swept paths end with it, as ' +
      '`let.c` and `landscape.parameters.c` end with `c`.',
    hint: 'Use names that stand for a single number.',
  },
  CYCLE: {
    means: 'Numbers depend on one another in a cycle. The message shows the cycle.',
    hint: 'Replace one of the expressions by a plain number.',
  },
  NAME_REFUSED: {
    means: 'A name that you define already has a meaning, or contains characters that are not allowed in names.',
    hint: 'Choose another name. Use the letters a-z and A-Z, digits and `_`, starting with a letter or `_`.',
  },
  INDEX_OUT_OF_RANGE: {
    means: 'An expression uses a coordinate that the landscape does not have.',
    hint:
      'Use `x[1]` to `x[d]`, where d is the number of coordinates. Choose the bounds of a sum so that its indices ' +
      'stay in this range.',
  },
  MINIMUM_ABSENT: {
    means: 'The named minimum does not exist for the given parameters.',
    hint: 'Give the point by its coordinates, or change the parameters.',
  },
  NOT_A_MINIMUM: {
    means: 'A point under `minima:` is a saddle, a maximum or a point on a slope.',
    hint: 'Correct the point (`driftfarm minima SPEC` finds minima), or name it under `points:`.',
  },
  SAME_MINIMUM: {
    means: 'Two names under `minima:` refer to the same minimum.',
    hint: 'Keep only one of them.',
  },
  UNUSED_NAME: {
    means: 'A name is defined but never used in the spec.',
    hint: 'Remove it, or check the spelling of the name where it should be used.',
  },
  CONSTANT: {
    means: 'A condition is the same at every step: it contains nothing that changes during a trial.',
    hint: 'Write a condition on coordinates, `loss`, `gradnorm`, `distance` or `step`.',
  },
  NETWORK: {
    means: 'This output and this loss of a network cannot be combined.',
    hint: 'Use the combination that the message names.',
  },
  DRIFT: {
    means:
      'This form of drift (injected noise) is not possible on this landscape. For example, there is no rotation in ' +
      'one dimension.',
    hint: 'Use another form, or another landscape.',
  },
  NO_MINIMA: {
    means: '`of: any` refers to all named minima, but the landscape has none.',
    hint: 'Define minima under `minima:` of the landscape, or write the coordinates of a point in `of`.',
  },
  NOT_SWEEPABLE: {
    means: 'An axis sweeps something that is not part of a cell, such as `trials` or `name`.',
    hint: 'Sweep only paths in landscape, start, update, trial, seed, streams, method or let.',
  },
  AXIS: {
    means:
      'The values of an axis or of a design (`sobol`, `latin`, `points`) cannot be read. The list is empty, the ' +
      'value is neither a list nor a range, or a key of the range is wrong.',
    hint: 'Write a list of values, such as `[0.1, 0.2]`, or a range: `{from, to, count, scale}`.',
  },
  CONTRAST: {
    means: 'A contrast does not name two different values of one axis, or no two cells differ only in these values.',
    hint: 'Write `{of: escape, between: {PATH: [value, value]}}` with two values of a swept path.',
  },
  AXES_OVERLAP: {
    means: 'Two axes sweep the same path, or one path is inside the other, such as `update.eta` inside `update`.',
    hint: 'Sweep each value with one axis only.',
  },
  SWEPT: {
    means: '`--set` sets a value that an axis sweeps, so it would have no effect.',
    hint: 'Set the axis: `--set "sweep.update.eta=[0.1]"`.',
  },
  NO_CELLS: {
    means: 'No cell satisfies `where`.',
    hint: 'Loosen the condition.',
  },
  FILE: {
    means: 'A file that the spec names does not exist, cannot be read, or has an unknown format.',
    hint: 'Correct the path. It is relative to the folder of the spec.',
  },
  FILE_TOO_LARGE: {
    means: `A file has more than ${limits.fileBytes} bytes.`,
    hint: 'Make the file smaller.',
  },
  DATA: {
    means: 'A data set is empty, has rows of different lengths, or has values that are not finite numbers.',
    hint: 'Correct the file or the list at the place that the message names.',
  },
  DATA_TOO_LARGE: {
    means:
      `A data set has more than ${limits.dataValues} numbers, a column has more than ${limits.labels} different ` +
      `words, or a word has more than ${limits.inputName} characters.`,
    hint: 'Use fewer samples or columns, or fewer or shorter words.',
  },
  UNKNOWN_COLUMN: {
    means: 'The file has no column with this name.',
    hint: 'Use one of the names in the header. The message lists them.',
  },
  CSV: {
    means: 'A CSV file is not a table: its header is missing, or a line has a different number of entries.',
    hint: 'Write a header, then lines with one entry for each name in the header.',
  },
  OPTION: {
    means: 'The argument of `--set` does not have the form `path=value`.',
    hint: 'Write `--set update.eta=0.1`, and put the argument in quotes if your shell requires quotes.',
  },
  METHOD: {
    means:
      'A key or an estimate cannot be used with the method. The methods `splitting` and `tilt` can estimate ' +
      'only escapes.',
    hint: 'Remove the key or the estimate, or use direct trials.',
  },
  THRESHOLD: {
    means: 'A key cannot be combined with `threshold`. The search decides by itself how many trials each point takes.',
    hint: 'Remove the key.',
  },
  HORIZON: {
    means: 'A horizon, a burn-in, an `every` or a `hold` is too large for the number of steps of a trial.',
    hint: 'Write a smaller number, or increase `trial.steps`.',
  },
  NEVER: {
    means: 'A condition refers to a step that no trial reaches, so it never holds.',
    hint: 'Name a step within the horizon, or increase `trial.steps`.',
  },
  TOO_MANY_CELLS: {
    means:
      `The sweep has more than ${limits.cells} cells, or more than ${limits.budgetedCells} cells that share a ` +
      `budget. Or the grid of a threshold search has more than ${limits.searchedCells} points.`,
    hint: 'Sweep fewer values, or use a design (`sobol`, `latin`) instead of a grid.',
  },
  TOO_MANY_CONTRASTS: {
    means: `The contrasts compare more than ${limits.contrastPairs} pairs of cells.`,
    hint: 'Compare fewer values, or sweep fewer values.',
  },
  TOO_MANY_TRIALS: {
    means: 'The spec requests more than 10^15 trials for a cell, or 10^18 for a sweep.',
    hint: 'Request fewer trials. For rare events, `method: splitting` needs fewer trials.',
  },
  TOO_MANY_DIMENSIONS: {
    means:
      `A network has more than ${limits.networkDimension} weights, or a landscape has more than ${limits.dimension} ` +
      `coordinates (${limits.shapeDimension} if its Hessian or covariance shapes the drift).`,
    hint: 'Use a smaller landscape.',
  },
  TOO_MANY_NAMES: {
    means:
      'The spec has too many exits, marks, classes, minima, points, parameters or drifts, or a custom rule has too ' +
      'many states.',
    hint: 'Define at most as many as the message allows.',
  },
} satisfies Meanings<typeof SpecError>
