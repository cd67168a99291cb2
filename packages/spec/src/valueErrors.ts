import { shown } from './document/value.ts'
import { fixed, list, over, type SpecErrorEntry, unknown } from './errorWords.ts'
import { limits } from './limits.ts'

/** Mistakes in the text of a spec, and in single keys, words, numbers and expressions. */
export const valueErrors = {
  SPEC_TOO_LARGE: {
    ...over,
    means: `The spec has more than ${limits.bytes} bytes, or a mapping has more than ${limits.keys} keys.`,
    fix: 'Move tables to CSV files and name the files in the spec.',
  },
  EMPTY: {
    says: fixed('the spec is empty'),
    means: 'The file is empty or contains only comments.',
    fix: 'Start it with `version: 1`; `driftfarm example` lists complete specs.',
  },
  SYNTAX: {
    says: fixed('neither YAML nor JSON'),
    means: 'The text is neither YAML nor JSON.',
    fix:
      'Correct the text at the reported line and column. If a quote or bracket is not closed, the mistake may be ' +
      'above this line.',
  },
  NOT_A_MAPPING: {
    says: ({ value }) => `${shown(value)} is not a mapping`,
    means: 'The spec as a whole is a list or a single value.',
    fix: 'Write lines of the form `key: value`, beginning with `version: 1`.',
  },
  DUPLICATE_KEY: {
    says: ({ word }) => `the key ${shown(word)} is given twice`,
    means:
      'A key is given twice in one mapping. Or it is given inside a section and also beside the section, such as ' +
      '`data` inside `network` and beside it.',
    fix: 'Keep only one of them.',
  },
  KEY_REFUSED: {
    says: ({ value, reason }) => `the key ${shown(value)} is refused: ${reason}`,
    means: 'A key is neither text nor a number, or is a name that JavaScript reserves, such as `__proto__`.',
    fix: 'Use another key.',
  },
  TEXT_REFUSED: {
    says: fixed('this text is refused'),
    means: 'A string contains a character that cannot be stored: NUL, or half of a surrogate pair.',
    fix: 'Remove the character.',
  },
  NOT_UTF8: {
    says: fixed('the text is not UTF-8'),
    means:
      'A spec, or a table that a spec names, is not encoded as UTF-8, so text would be misread. Korean Excel, for ' +
      'example, saves tables as CP949.',
    fix: 'Convert the file: `iconv -f CP949 -t UTF-8 OLD > NEW`. A UTF-8 byte order mark is allowed.',
  },
  TOO_DEEP: {
    ...over,
    means:
      `Mappings and lists are nested more than ${limits.nesting} levels deep, or more than ${limits.dependencies} ` +
      'numbers depend on one another in a chain.',
    fix: 'Nest the spec less deeply, or shorten the chain.',
  },
  ALIAS_REFUSED: {
    says: fixed('this alias is refused'),
    means: 'A YAML alias (`*name`) is not defined, contains itself, or repeats too many values.',
    fix: 'Write the value instead of the alias, or put text that begins with * in quotes.',
  },
  TAG_REFUSED: {
    says: ({ value }) => `YAML tags such as ${shown(value)} are not supported`,
    means: 'The spec uses a YAML tag (`!name`). Tags are not supported.',
    fix: 'Remove the tag, or put an expression that begins with ! in quotes.',
  },
  VERSION: {
    says: ({ value }) => `version ${shown(value)} is not supported`,
    advice: ({ value }) => `write \`version: 1\`${value === '1' ? ', without quotes' : ''}`,
    means: 'The version of the spec is not 1.',
    fix: 'Write `version: 1`, without quotes.',
  },
  MISSING: {
    says: () => 'is missing',
    means: 'A required key is missing.',
    fix: 'Add what the message names.',
  },
  UNKNOWN_KEY: {
    ...unknown('key'),
    means: 'This section has no such key. The key may be mistyped, or belong to another section.',
    fix: 'Use the key that the message suggests, or remove the wrong key.',
  },
  UNKNOWN_WORD: {
    ...unknown('word'),
    means: 'A value is not one of the words that are allowed here.',
    fix: 'Use one of the words that the message lists.',
  },
  UNKNOWN_PRESET: {
    ...unknown('preset'),
    means: 'There is no landscape, or no data set, with this name.',
    fix: '`driftfarm landscapes` lists the landscapes. The message lists the data sets.',
  },
  UNKNOWN_PARAMETER: {
    ...unknown('parameter'),
    means: 'The landscape has no parameter with this name.',
    fix: '`driftfarm landscapes NAME` lists its parameters.',
  },
  UNKNOWN_MINIMUM: {
    ...unknown('minimum'),
    means: 'The landscape has no minimum with this name.',
    fix: 'Define it under `minima:` of the landscape, or use a minimum that the message lists.',
  },
  UNKNOWN_POINT: {
    ...unknown('point'),
    means: 'The landscape has no point with this name.',
    fix: 'Define the point under `points:` in the landscape, or use one of the points listed in the message.',
  },
  UNKNOWN_NAME: {
    ...unknown('name'),
    means: 'An expression uses a name that is not defined where the expression is written.',
    fix: 'Correct the name, or define it under `let:` or `parameters:`.',
  },
  UNKNOWN_ESTIMATE: {
    ...unknown('estimate'),
    means:
      'No cell of the sweep has an estimate with this name. The name is mistyped, or the event of the estimate is ' +
      'not defined.',
    fix: 'Use one of the names in the message, or define the event under `trial:`.',
  },
  UNKNOWN_PATH: {
    ...unknown('path'),
    means: 'The path of an axis, of `--set` or of a contrast does not exist in the spec.',
    fix: 'Write the whole path with dots, such as `update.drift.sigma`.',
  },
  WRONG_TYPE: {
    says: ({ value, expected }) => `${shown(value)} is not ${expected}`,
    means: 'A value has the wrong type, for example a string where a number is needed.',
    fix: 'Write a value of the type that the message names.',
  },
  EXACTLY_ONE: {
    says: ({ known = [], reason }) =>
      reason === 'none' ? `none of ${list(known)} is given` : `${reason} cannot be given together`,
    advice: ({ known = [] }) => `write exactly one of ${list(known)}`,
    means: 'Exactly one of several keys must be given, but the spec gives none or several of them.',
    fix: 'Keep exactly one of the keys that the message lists.',
  },
  OUT_OF_RANGE: {
    says: ({ value }) => `${shown(value)} is out of range`,
    means: 'A number is outside the range allowed here.',
    fix: 'Write a number in the range that the message gives.',
  },
  NOT_AN_INTEGER: {
    says: ({ value }) => `${shown(value)} is not an integer`,
    means: 'A whole number is required here.',
    fix: 'Write a whole number.',
  },
  NOT_FINITE: {
    says: ({ value, reason }) => `${reason ?? 'the number'} is ${shown(value)}`,
    advice: 'every number must be finite',
    means: 'An expression evaluates to infinity or NaN, such as `1/0`.',
    fix: 'Correct the expression. Every number must be finite.',
  },
  SEED: {
    says: ({ value }) => `${shown(value)} is not a seed`,
    advice: ({ value }) =>
      typeof value === 'number' || /^-?[\dx]/.test(String(value))
        ? 'write an integer, or a string in decimal or 0x hex, from 0 to 18446744073709551615'
        : 'write an integer, such as seed: 1; the default is 0',
    means: 'The seed is not an integer from 0 to 18446744073709551615.',
    fix: 'Write an integer in this range, or a string in decimal or 0x hex. The default is 0.',
  },
  WRONG_DIMENSION: {
    says: ({ value }) => `${shown(value)} does not match the dimension of the landscape`,
    means: 'The number of entries of a point or a matrix does not match the dimension of the landscape.',
    fix: 'Write as many entries as the message requires.',
  },
  EXPRESSION: {
    advice: 'see the expression grammar in the reference',
    means: 'An expression is not valid. [The expression codes](#expressions) explain each mistake.',
    fix: 'The message gives the place and what to write.',
  },
  EXPRESSION_TOO_LARGE: {
    ...over,
    means: `An expression has more than ${limits.nodes} numbers, names and operators.`,
    fix: 'Write repeated terms as `sum(i, from, to, ...)`.',
  },
  NOT_A_CONDITION: {
    says: ({ value }) => `${shown(value)} is not a condition: it compares nothing`,
    advice: ({ value }) =>
      value === 'basin' ? 'write escape: { basin: true, every: 10 }' : 'compare it with a number, as in "x >= 0"',
    means: 'A condition is a plain number and compares nothing.',
    fix: 'Write a comparison, such as `"x >= 0"`.',
  },
  NOT_A_NUMBER: {
    says: ({ value }) => `${shown(value)} is a condition, not a number`,
    means: 'A condition is written where a number is needed.',
    fix: 'Remove the comparison.',
  },
  NOT_ONE_NUMBER: {
    says: ({ word, reason }) => `${shown(word)} ${reason}`,
    means:
      'A name stands for several numbers here: it is swept, it is a schedule, or several swept paths end with it, as ' +
      '`let.c` and `landscape.parameters.c` end with `c`.',
    fix: 'Use names that stand for a single number.',
  },
  CYCLE: {
    says: ({ reason }) => `this number depends on itself: ${reason}`,
    means: 'Numbers depend on one another in a cycle. The message shows the cycle.',
    fix: 'Replace one of these expressions by a plain number.',
  },
  NAME_REFUSED: {
    says: ({ value, reason }) => `the name ${shown(value)} is refused: ${reason}`,
    advice: 'choose another name',
    means: 'A name that you define already has a meaning, or contains characters that are not allowed in names.',
    fix: 'Choose another name. Use the letters a-z and A-Z, digits and `_`, starting with a letter or `_`.',
  },
  INDEX_OUT_OF_RANGE: {
    advice: ({ limit }) => `coordinates are x[1] to x[${limit}]`,
    means: 'An expression uses a coordinate that the landscape does not have.',
    fix:
      'Use `x[1]` to `x[d]`, where d is the number of coordinates. Choose the bounds of a sum so that its indices ' +
      'stay in this range.',
  },
} satisfies Record<string, SpecErrorEntry>
