import { hole } from './prose.ts'

/** An expression that texts of the project avoid, and what they say instead. */
export interface Word {
  /** An example, which the pattern matches. */
  not: string
  but: string
  /** What is searched for; without it, the words of `not`. */
  pattern?: RegExp
  /** Good English that looks alike. The pattern must not match it. */
  passes?: string
  /** The files that are searched, if not all. */
  where?: RegExp
  /** Whether a match is counted and does not fail the check: the expression is sometimes the right one. */
  counted?: true
}

/** The word table of the style: the field's word instead of ours. */
const terms: Word[] = [
  {
    not: 'with which probability',
    but: 'how likely; with what probability',
    pattern: /\bwith which probabilit(y|ies)\b/,
    passes: 'the seed with which trials begin',
  },
  {
    not: 'nothing speaks against 21 of 21 cells',
    but: 'all 21 cells pass every check',
    pattern: /\bspeaks? against\b/,
  },
  { not: 'worth knowing', but: 'notes', passes: 'it is worth the time' },
  { not: 'the probability is known to about 59 %', but: 'relative uncertainty 59 %', pattern: /\bknown to about\b/ },
  {
    not: 'what the probability lacks to 1 is known to about 72 %',
    but: 'P(no escape) has a relative uncertainty of 72 %',
    pattern: /\black(s|ing)? to (1|one)\b/,
  },
  { not: 'escapes per step that was taken', but: 'escapes per step', pattern: /\bsteps? that (was|were) taken\b/ },
  {
    not: 'ended by trials',
    but: 'stopped after the requested number of trials',
    pattern: /\bended by (its |their |the )?(number of )?trials\b/,
    passes: 'ended by its user',
  },
  {
    not: 'cells at their end',
    but: 'finished cells',
    pattern: new RegExp(`(\\b(cells?|trials?|sweeps?|it|they)( is| are| was| were)?|${hole}) at (its|their) end\\b`),
    passes: 'the new column at its end',
  },
  { not: 'ask for more trials', but: 'add trials', pattern: /\bask(s|ed|ing)? for more\b/ },
  {
    not: 'stands under the heading, stands in the file',
    but: 'is in, is described in',
    pattern: /\bst(ands?|ood|anding) (under|in)\b(?! each)/,
    passes: 'it stands for the value',
  },
  {
    not: 'it is another version now',
    but: 'it has changed',
    pattern: /\b(is|are|was|were) (another|others?)( [a-z]+)? now\b/,
    passes: 'this is another reason',
  },
  {
    not: 'looks of a leader',
    but: 'scheduling passes',
    pattern: /\blooks? (of|by) (a|the) (leader|coordinator)\b/,
    passes: 'each look of a sequential test',
  },
  {
    not: 'every look',
    but: 'every scheduling pass',
    pattern: /\b(a|each|every|one|the|next|last|first|its|late|between) looks?\b/,
    // Statistics has looks too: those of a sequential test.
    where: /^packages\/(coordinator|database|farm|queue|worker)\//,
    passes: 'the table looks like this',
  },
  { not: 'news', but: 'pending updates', passes: 'newsletter' },
  {
    not: 'demand',
    but: 'request (what a sweep asks of a cell: budget, stopping rule, rows to keep)',
    pattern: /(?<!\bon )\bdemand(s|ed)?\b/,
    passes: 'computed on demand, a demanding case',
  },
  {
    not: 'somebody leads, nobody leads',
    but: 'a coordinator is running, no coordinator is running',
    pattern: /\b(somebody|someone|nobody|anybody|who|whoever) leads?\b/,
    passes: 'a step that leads to a minimum',
  },
  {
    not: 'somebody works now',
    but: 'a worker is running now',
    pattern: /\b(somebody|someone|nobody|anybody) works\b|\bwho works (at|now)\b/,
    passes: 'a student who works on SGD',
  },
  {
    not: 'cells that nobody needs any more',
    but: 'unreferenced cells',
    pattern: /\b(cells?|rows?|minima|modules?) (that )?nobody (needs|wants)\b|\bnobody (needs|wants) [a-z]+ more\b/,
    passes: 'cut every sentence that nobody needs',
  },
  { not: 'a name that mixes nothing', but: 'an unambiguous name', pattern: /\bmix(es)? nothing\b/ },
  { not: 'parts left out that nobody uses', but: 'unused parts removed', pattern: /\bnobody uses\b/ },
  {
    not: 'what is said of a cell',
    but: '(name the thing: description, status, message)',
    pattern: /\bwhat (is|was|are) said\b|\b(is|are|was|were|be) said (of|about)\b/,
    passes: 'the message says which',
  },
  { not: 'excuse', but: 'resetSilenceTimer; allow', pattern: /\bexcus(e|es|ed|ing)\b/ },
  { not: 'bear an error', but: 'recordError; record, handle', pattern: /\b(bears?|bore|borne)\b/, passes: 'bearings' },
  {
    not: 'a trial goes home',
    but: 'descends to its minimum',
    pattern: /\b(go|goes|going|went|gone|sent|comes?) home\b/,
    passes: 'the home folder',
  },
  { not: 'surroundings', but: 'context' },
  {
    not: 'the farm is told',
    but: '(name the message: notified, reported)',
    pattern: /\b(is|are|was|were|be|been|being) told\b(?! (apart|from))/,
    passes: 'two values are told apart',
  },
  {
    not: 'what is asked of a cell',
    but: '(name the request)',
    pattern: /\b(is|are|was|were|be|been) asked (of|by)\b|\bwhat (is|was) asked\b/,
    passes: 'asked twice',
  },
  {
    not: 'trials that were asked for',
    but: 'requested trials',
    pattern: /\b(is|are|was|were|be|been) asked for\b/,
    counted: true,
  },
]

/** Sentences in which nobody does anything. */
const grammar: Word[] = [
  { not: 'that of which', but: '(say who does what)' },
  {
    not: 'it is looked at',
    but: 'inspect, examine, read (say who does it)',
    pattern: /\b(is|are|was|were|be|been|being) looked at\b/,
  },
  {
    not: 'what is so',
    but: '(a noun phrase that a reader would search for)',
    passes: 'what is so large',
    pattern: /\bwhat is so(?=\s*([.,;:?!]|$))/,
  },
  {
    not: 'there is a reason',
    but: '(subject, verb, object)',
    pattern: /\bthere (is|are|was|were)\b/,
    counted: true,
  },
  {
    not: 'of direct cells alone',
    but: 'of direct cells only; only of direct cells',
    pattern: /\balone\b/,
    passes: 'lone',
    counted: true,
  },
]

/** Messages that readers had to guess, with what they should say. */
const riddles: Word[] = [
  {
    not: 'Ends at the exact index of this event.',
    but: 'Stops at the trial in which the number of events reaches this value.',
    pattern: /\bexact index of this event\b/,
  },
  {
    not: 'With relative: so many events that the relative error is kept whatever the probability is.',
    but: 'With `relative`: stops after the number of events that guarantees this relative error.',
    pattern: /\brelative error is kept\b/,
  },
  {
    not: 'Is the probability above this? A sequential test.',
    but: 'Ends when a sequential test has decided whether the probability is above this.',
    pattern: /\? A sequential test\b/,
  },
  {
    not: 'At least so many die at a level.',
    but: 'At least this many particles are killed at each level.',
    pattern: /\bso many die\b|\bat least so many\b/,
    passes: 'so many steps that it overflows',
  },
  {
    not: 'True so many steps running; the last one counts.',
    but: 'The condition must hold at this number of consecutive steps. The last of them is the time of convergence.',
    pattern: /\bso many steps running\b|\bthe last one counts\b/,
  },
  { not: 'results use it', but: 'it already has a meaning in results', passes: 'results use items' },
  {
    not: '`max` and `min` exclude one another',
    but: '`max` and `min` cannot be given together',
    pattern: /\bexcludes? (one another|each other)\b/,
  },
  {
    not: 'splitting and tilt answer for the whole horizon alone',
    but: 'splitting and tilt estimate escapes at the full horizon only',
    pattern: /\banswers? for the whole horizon\b/,
  },
  {
    not: 'contrasts are of direct cells alone',
    but: 'contrasts compare direct cells only',
    pattern: /\b(is|are) of [a-z]+ cells (alone|only)\b/,
  },
  {
    not: 'every point has the paths of the first',
    but: 'each point must have the same paths as the first point',
    pattern: /\bhas the paths of the first\b/,
  },
  {
    not: 'every object of JavaScript has it',
    but: 'the name is reserved by JavaScript',
    pattern: /\bobject of JavaScript\b/,
  },
  { not: 'would hold itself', but: 'the alias contains itself', pattern: /\b(would hold|holds) itself\b/ },
  {
    not: 'no farm counts so many events',
    but: 'this relative error needs more events than can be counted',
    pattern: /\bno farm counts\b/,
  },
  {
    not: 'ended at its maximum of trials, no stop rule met',
    but: 'ended at the maximum number of trials without meeting a stopping rule',
    pattern: /\bmaximum of trials\b|\bno stop(ping)? rule met\b/,
  },
  {
    not: 'ended with the budget, no stop rule met',
    but: 'the budget was used up before a stopping rule was met',
    pattern: /\bended with the budget\b/,
  },
  {
    not: 'descent alone does it, the noise is not what is measured',
    but: 'descent without noise explains it; the number does not measure the noise',
    pattern: /\bdescent alone does it\b|\bis not what is measured\b/,
  },
  {
    not: 'noise keeps trials from what descent does',
    but: 'the noise prevents what descent without noise would do',
    pattern: /\bkeeps? trials from\b/,
  },
  {
    not: 'as many as escaped or more: steps, not noise, lead out',
    but: 'at least as many as escaped: the step size, not the noise, drives trials out',
    pattern: /\bnot noise, leads? out\b/,
    passes: 'a jump leads out',
  },
  {
    not: 'with more, NAME may rise by as much, which is more than all of it',
    but: 'with more steps NAME may rise by this much, which is more than its present value',
    pattern: /\bmay rise by as much\b|\bmore than all of it\b/,
  },
  {
    not: 'since somebody looked',
    but: 'because results were read before the number of trials was fixed',
    pattern: /\bsomebody (looked|looks)\b/,
  },
  {
    not: 'noise on the gradient beside momentum is remembered, and tends to T/(1 - beta)',
    but: 'with momentum, noise on the gradient accumulates to a temperature of T/(1 - beta)',
    pattern: /\bmomentum is remembered\b/,
  },
  {
    not: 'Why nothing is known exactly.',
    but: 'Why no exact answer exists; null if one does.',
    pattern: /\bwhy nothing is known\b/,
  },
  {
    not: 'absent: not there yet, as it should be. due: a command is to be run first.',
    but: 'absent: not created yet, which is expected. due: a command has to be run first.',
    pattern: /\bnot there yet, as it should be\b|\b(is|are) to be run first\b/,
  },
  {
    not: 'null where the formula does not speak of temperatures',
    but: 'null where the formula contains no temperature',
    pattern: /\bspeaks? (of|about)\b/,
  },
  {
    not: 'Whether the name means it.',
    but: 'Whether the name refers to this sweep.',
    pattern: /\bname means it\b/,
  },
  {
    not: '3 settings more',
    but: '3 more settings',
    pattern: new RegExp(`(\\d|${hole}) (?!(times|is|as|ends|has|says|takes) )[a-z]+s more\\b(?! than)`),
    passes: '3 times more, 12 steps more than before',
  },
  {
    not: 'more trials are asked for after a look at the first: intervals will be those that hold at any number',
    but: 'more trials are added after the first were seen: intervals will be the wider ones for any number',
    pattern: /\bafter a look at\b|\bwill be those that hold\b/,
  },
  {
    not: 'and W had so many been asked for at first',
    but: 'it would be W if this number had been requested from the start',
    pattern: /\bhad so many\b/,
  },
  { not: 'NAME is STATE: nothing to stop', but: 'cannot stop NAME: it is STATE', pattern: /: nothing to [a-z]+$/ },
  {
    not: 'a record tells 5 apart',
    but: 'a record can distinguish at most 5',
    pattern: /\brecords? tells? [^\s]+ apart\b/,
    passes: 'the axis that tells the lines apart',
  },
  {
    not: 'whose way to compare ends of descents this one has not',
    but: 'whose comparison of descent ends this kernel does not have',
    pattern: /\bwhose way to\b|\bthis one has not\b/,
  },
  {
    not: 'this landscape takes long to look at',
    but: 'examining this landscape would take too long',
    pattern: /\btakes? (too )?long to look at\b/,
  },
  {
    not: 'where trials can be takes more than 5 cells to look at',
    but: 'the region that trials can reach has more than 5 cells',
    pattern: /\bcells to look at\b|\bwhere trials can be\b/,
  },
  {
    not: 'the points A and B are one but for rounding, and an event tells them apart',
    but: 'points A and B differ only by rounding, but an event holds at only one of them',
    pattern: /\b(is|are) one but for rounding\b/,
  },
  {
    not: 'it is beyond the largest number',
    but: 'the mean exit step exceeds the largest double',
    pattern: /\bbeyond the largest number\b/,
  },
  { not: 'loses digits so near 2', but: 'is not accurate this close to 2', pattern: /\blos(es?|ing) digits so\b/ },
  { not: 'no law of saddles speaks of it', but: 'no saddle asymptotic applies', pattern: /\blaws? of saddles\b/ },
  {
    not: '5 steps are too many: the chain does not settle for long',
    but: '5 steps are too many: the chain settles too slowly',
    pattern: /\bnot settle for long\b/,
  },
  {
    not: 'turned gradients mix directions',
    but: 'rotated gradients mix directions',
    pattern: /\bturned gradients?\b/,
  },
]

/** All of them. Every pattern ignores case, and a space in it matches a line break too. */
export const words: (Word & { pattern: RegExp })[] = [...terms, ...grammar, ...riddles].map((word) => ({
  ...word,
  pattern: new RegExp((word.pattern ?? new RegExp(`\\b${word.not}\\b`)).source.replaceAll(' ', '\\s+'), 'gi'),
}))

/** A longer sentence is counted. */
export const maxWords = 25
