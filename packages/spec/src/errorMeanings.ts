import type { Meanings } from '@driftfarm/formula'
import type { SpecError } from './errors.ts'
import { limits } from './limits.ts'

/** What the codes of a mistake in a spec mean to its author. */
export const specMeanings = {
  SPEC_TOO_LARGE: {
    means: `The spec has more than ${limits.bytes} bytes, or a mapping has more than ${limits.keys} keys.`,
    mend: 'Put tables into CSV files, and name these in the spec.',
  },
  EMPTY: {
    means: 'The file has no content besides comments.',
    mend: 'Begin with `version: 1`. `driftfarm example` lists specs to start from.',
  },
  SYNTAX: {
    means: 'The text is neither YAML nor JSON.',
    mend: 'Correct it at the named line and column. A quote or a bracket that is not closed shows further below.',
  },
  NOT_A_MAPPING: {
    means: 'The spec as a whole is a list or a single value.',
    mend: 'Write `key: value` lines, `version: 1` first.',
  },
  DUPLICATE_KEY: {
    means: 'The same key stands twice in one mapping, or once inside a section and once beside it.',
    mend: 'Keep one of the two.',
  },
  KEY_REFUSED: {
    means: 'A key is no word, or is one that JavaScript keeps for itself, such as `__proto__`.',
    mend: 'Use another key.',
  },
  TEXT_REFUSED: {
    means: 'A text has a character that cannot be stored: NUL, or half of a surrogate pair.',
    mend: 'Leave the character out.',
  },
  NOT_UTF8: {
    means:
      'A spec, or a table that it names, is in another encoding than UTF-8, such as CP949 of a Korean Excel. ' +
      'Its words would silently be read as others.',
    mend: 'Write it anew: `iconv -f CP949 -t UTF-8 OLD > NEW`. A byte order mark of UTF-8 may stay.',
  },
  TOO_DEEP: {
    means:
      `Mappings and lists are nested more than ${limits.nesting} levels deep, or more than ${limits.dependencies} ` +
      'numbers need one another in a chain.',
    mend: 'Write the spec flatter.',
  },
  ALIAS_REFUSED: {
    means: 'An alias of YAML (`*name`) means nothing, contains itself, or repeats too much.',
    mend: 'Write the value out, in quotes where it begins with `*`.',
  },
  TAG_REFUSED: {
    means: 'A tag of YAML (`!name`) is used.',
    mend: 'Put an expression that begins with `!` into quotes; tags are not used.',
  },
  VERSION: {
    means: 'The version of the spec is not 1.',
    mend: 'Write `version: 1`, without quotes.',
  },
  MISSING: {
    means: 'A key that is needed here is not given.',
    mend: 'Write what the message names.',
  },
  UNKNOWN_KEY: {
    means: 'There is no such key at this place. It may be mistyped, or belong to another section.',
    mend: 'Take the key that the message suggests, or leave it out.',
  },
  UNKNOWN_WORD: {
    means: 'A value must be one of a few words, and is none of them.',
    mend: 'Write one of those that the message lists.',
  },
  UNKNOWN_PRESET: {
    means: 'There is no landscape, or no data set, of this name.',
    mend: '`driftfarm landscapes` lists the landscapes; the message lists data sets.',
  },
  UNKNOWN_PARAMETER: {
    means: 'The landscape has no parameter of this name.',
    mend: '`driftfarm landscapes NAME` shows which it has.',
  },
  UNKNOWN_MINIMUM: {
    means: 'The landscape has no minimum of this name.',
    mend: 'Name it under `minima:` of the landscape, or take one that the message lists.',
  },
  UNKNOWN_POINT: {
    means: 'The landscape has no point of this name.',
    mend: 'Name it under `points:` of the landscape, or take one that the message lists.',
  },
  UNKNOWN_NAME: {
    means: 'An expression uses a name that has no meaning there.',
    mend: 'Correct it, or define it under `let:` or `parameters:`.',
  },
  UNKNOWN_ESTIMATE: {
    means: 'No cell of the sweep has an estimate of this name: it is mistyped, or its event is not defined.',
    mend: 'Take one that the message lists, or define the event under `trial:`.',
  },
  UNKNOWN_PATH: {
    means: 'A path, of an axis, of `--set` or of a contrast, leads to nothing in the spec.',
    mend: 'Write the whole path with dots, such as `update.drift.sigma`.',
  },
  WRONG_TYPE: {
    means: 'A value is of another kind than is needed: a text for a number, a list for a mapping.',
    mend: 'Write what the message says is expected.',
  },
  EXACTLY_ONE: {
    means: 'Of several keys exactly one is needed, and none or more than one is given.',
    mend: 'Keep one of those that the message lists.',
  },
  OUT_OF_RANGE: {
    means: 'A number is outside of what is possible at this place.',
    mend: 'Write one in the range that the message has.',
  },
  NOT_AN_INTEGER: {
    means: 'A whole number is needed, and this one has a fraction.',
    mend: 'Write a whole number.',
  },
  NOT_FINITE: {
    means: 'An expression gives infinity or no number, such as `1/0`.',
    mend: 'Correct it; every number must be finite.',
  },
  SEED: {
    means: 'A seed is no integer from 0 to 18446744073709551615.',
    mend: 'Write one, or a text with one in decimal or as 0x with hex digits. Left out, the seed is 0.',
  },
  WRONG_DIMENSION: {
    means: 'A point or a matrix has another number of entries than the landscape has coordinates.',
    mend: 'Write as many numbers as the message says.',
  },
  EXPRESSION: {
    means: 'An expression is not written by the grammar. [The codes of expressions](#expressions) say how.',
    mend: 'The message has the place and what to write.',
  },
  EXPRESSION_TOO_LARGE: {
    means: `An expression has more than ${limits.nodes} numbers, names and operators.`,
    mend: 'Write repeated terms as `sum(i, from, to, ...)`.',
  },
  NOT_A_CONDITION: {
    means: 'An event is a number, and compares nothing.',
    mend: 'Compare it, as in `"x >= 0"`.',
  },
  NOT_A_NUMBER: {
    means: 'A condition stands where a number is needed.',
    mend: 'Leave the comparison out.',
  },
  NOT_ONE_NUMBER: {
    means: 'A name stands for several numbers here: it is swept, is a schedule, or ends several swept paths.',
    mend: 'Use names that stand for one number.',
  },
  CYCLE: {
    means: 'Numbers depend on one another in a circle. The message shows it.',
    mend: 'Give one of them as a plain number.',
  },
  NAME_REFUSED: {
    means: 'A name of your own already has a meaning, or is written with characters that names do not have.',
    mend: 'Choose another name: of the letters a-z and A-Z, digits and `_`, with a letter or `_` first.',
  },
  INDEX_OUT_OF_RANGE: {
    means: 'An expression uses a coordinate that the landscape does not have.',
    mend: 'Use `x[1]` to `x[d]`, and bounds of sums that stay inside.',
  },
  MINIMUM_ABSENT: {
    means: 'With these parameters the named minimum does not exist, though it does with others.',
    mend: 'Give the point by its coordinates, or take other parameters.',
  },
  NOT_A_MINIMUM: {
    means: 'A point under `minima:` is a saddle, a maximum or a slope.',
    mend: 'Correct it (`driftfarm minima SPEC` finds minima), or name it under `points:`.',
  },
  SAME_MINIMUM: {
    means: 'Two names under `minima:` mean the same minimum.',
    mend: 'Keep one of the two.',
  },
  UNUSED_NAME: {
    means: 'A name is defined, and nothing in the spec uses it.',
    mend: 'Leave it out, or correct the name where it was meant.',
  },
  CONSTANT: {
    means: 'A condition is the same at every step: it names no coordinate and no quantity of a trial.',
    mend: 'Write it on coordinates, `loss`, `gradnorm`, `distance` or `step`.',
  },
  NETWORK: {
    means: 'Output and loss of a network do not go together.',
    mend: 'Take the combination that the message names.',
  },
  DRIFT: {
    means: 'A form of drift is not possible on this landscape, such as a rotation in one dimension.',
    mend: 'Take another form, or another landscape.',
  },
  NO_MINIMA: {
    means: 'All named minima are meant (`of: any`), and the landscape names none.',
    mend: 'Name some under `minima:`, or give points.',
  },
  NOT_SWEEPABLE: {
    means: 'An axis names what is no part of a cell, such as `trials` or `name`.',
    mend: 'Sweep paths of landscape, start, update, trial, seed, streams, method or let.',
  },
  AXIS: {
    means:
      'The values of an axis, or of a design (`sobol`, `latin`, `points`), cannot be read: there are none, or they ' +
      'are neither a list nor a range, or a key of the range does not fit.',
    mend: 'Write a list of values, such as `[0.1, 0.2]`, or a range: `{from, to, count, scale}`.',
  },
  CONTRAST: {
    means: 'A contrast does not name two values of one axis that occur in otherwise equal cells.',
    mend: 'Write `{of: escape, between: {PATH: [value, value]}}` with two values of a swept path.',
  },
  AXES_OVERLAP: {
    means: 'The same value is swept by two axes, or by one of its path and one of a path above it.',
    mend: 'Sweep each value by one axis.',
  },
  SWEPT: {
    means: '`--set` names a value that an axis sweeps, so that it would change nothing.',
    mend: 'Set the axis: `--set "sweep.update.eta=[0.1]"`.',
  },
  NO_CELLS: {
    means: 'No cell satisfies `where`.',
    mend: 'Loosen the condition.',
  },
  FILE: {
    means: 'A file that the spec names is not there, cannot be read or is of no known kind.',
    mend: 'Correct its path, which is relative to the spec.',
  },
  FILE_TOO_LARGE: {
    means: `A file has more than ${limits.fileBytes} bytes.`,
    mend: 'Make it smaller.',
  },
  DATA: {
    means: 'A data set is uneven, is empty, or has values that are no finite numbers.',
    mend: 'The message names the place: correct the file or the list.',
  },
  DATA_TOO_LARGE: {
    means:
      `A data set has more than ${limits.dataValues} numbers, a column more than ${limits.labels} different words, ` +
      `or a word more than ${limits.inputName} characters.`,
    mend: 'Take fewer samples or columns.',
  },
  UNKNOWN_COLUMN: {
    means: 'The file has no column of this name.',
    mend: 'Take one of its header; the message lists them.',
  },
  CSV: {
    means: 'A CSV file is not a table: its header is missing, or a line has another number of entries.',
    mend: 'Write a header, then lines with one entry for each of its names.',
  },
  OPTION: {
    means: 'What `--set` says is not `path=value`.',
    mend: 'Write `--set update.eta=0.1`, in quotes where the shell needs them.',
  },
  METHOD: {
    means: 'A key or an estimate does not go with the method: splitting and tilt answer for escapes alone.',
    mend: 'Leave it out, or use direct trials.',
  },
  THRESHOLD: {
    means: 'A key does not go with the search for a threshold, which decides by itself how many trials it takes.',
    mend: 'Leave it out.',
  },
  HORIZON: {
    means: 'A horizon, a burn-in, or the number of steps of an `every` or a `hold` is beyond the steps of a trial.',
    mend: 'Write a smaller number, or take more `trial.steps`.',
  },
  NEVER: {
    means: 'A condition names a step that no trial reaches, so that it never holds.',
    mend: 'Name a step within the horizon, or take more `trial.steps`.',
  },
  TOO_MANY_CELLS: {
    means:
      `The sweep has more than ${limits.cells} cells, more than ${limits.searchedCells} points to search, or more ` +
      `than ${limits.budgetedCells} cells that share a budget.`,
    mend: 'Sweep fewer values, or take a design (`sobol`, `latin`) in place of a grid.',
  },
  TOO_MANY_CONTRASTS: {
    means: `The contrasts compare more than ${limits.contrastPairs} pairs of cells.`,
    mend: 'Compare fewer values, or sweep fewer.',
  },
  TOO_MANY_TRIALS: {
    means: 'More than 10^15 trials of a cell, or 10^18 of a sweep, are asked for.',
    mend: 'Ask for fewer. For rare events, `method: splitting` needs less.',
  },
  TOO_MANY_DIMENSIONS: {
    means:
      `A landscape has more than ${limits.dimension} coordinates, a network more than ${limits.networkDimension} ` +
      `weights, or a Hessian that shapes the drift more than ${limits.shapeDimension}.`,
    mend: 'Take a smaller landscape.',
  },
  TOO_MANY_NAMES: {
    means: 'There are more names of a kind (exits, marks, classes, minima) than a record tells apart.',
    mend: 'The message has the limit: name fewer.',
  },
} satisfies Meanings<typeof SpecError>
