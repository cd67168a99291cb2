// What the box of search takes for a word. VitePress writes these functions into the pages as text, so none of them
// may name anything outside of itself.

/** The words of a page, for the index. */
function wordsOfText(text: string): string[] {
  const words: string[] = []
  for (const piece of text.split(/[\s,;:()[\]{}"'`|<>·「」]+/)) {
    const word = piece.replace(/[.?!]+$/, '')
    // A key such as `trial.escape`, an option such as --best and a code such as NOT_FOUND are words, and so are their
    // parts.
    const parts = word.split(/[.\-_/=]+/).filter((part) => part !== '')
    if (parts.length > 1 || word.startsWith('--')) words.push(word)
    for (const part of parts) {
      words.push(part)
      // Particles hang on Korean words, and Korean words on one another: 탈출을, 재탈출. Search looks for beginnings
      // of words, so with each end of a word every part of it is found.
      const runs = part.match(/[가-힣]+|[^가-힣]+/g) ?? []
      for (const run of runs) {
        if (run !== part) words.push(run)
        if (!/[가-힣]/.test(run)) continue
        for (let from = 1; from <= run.length - 2; from++) words.push(run.slice(from))
      }
    }
  }
  return words.filter((word) => word !== '')
}

/** The words of a query: of a Korean one also what is left without its particle, 탈출 of 탈출을. */
function wordsOfQuery(text: string): string[] {
  const particle =
    /(?:에서부터|으로부터|에서는|으로는|이라는|에서|에게|으로|이나|까지|부터|보다|처럼|마다|조차|은|는|이|가|을|를|의|에|로|와|과|도|만|나)$/
  const words: string[] = []
  for (const piece of text.split(/[\s,;:()[\]{}"'`|<>·「」]+/)) {
    const word = piece.replace(/[.?!]+$/, '')
    const parts = word.split(/[.\-_/=]+/).filter((part) => part !== '')
    if (parts.length > 1 || word.startsWith('--')) words.push(word)
    for (const part of parts) {
      words.push(part)
      const runs = part.match(/[가-힣]+|[^가-힣]+/g) ?? []
      for (const run of runs) {
        if (run !== part && (run.length > 1 || !/[가-힣]/.test(run))) words.push(run)
        const stem = /[가-힣]/.test(run) ? run.replace(particle, '') : run
        if (stem !== run && stem.length > 1) words.push(stem)
      }
    }
  }
  return words.filter((word) => word !== '')
}

/** As words are kept. Codes of errors are of capitals: `WORK` is another word than "work", and also that one. */
function keptOf(word: string): string | string[] {
  return /^[A-Z][A-Z_]+$/.test(word) ? [word.toLowerCase(), word] : word.toLowerCase()
}

/** For MiniSearch: how the index is made, and how it is asked. */
export const miniSearch = {
  options: { tokenize: wordsOfText, processTerm: keptOf },
  searchOptions: {
    tokenize: wordsOfQuery,
    // A misspelt letter in five is forgiven, but of a Korean word, where a syllable is three letters, none.
    fuzzy: (term: string): number | boolean => (/[가-힣]/.test(term) ? false : 0.2),
    prefix: true,
    boost: { title: 4, text: 2, titles: 1 },
    // The word itself comes before words that begin with it: `drift` before `driftfarm`.
    weights: { prefix: 0.15, fuzzy: 0.1 },
    // Who types a key, an option or a code wants what it means; other pages use it in passing.
    boostDocument: (id: string): number =>
      /\/reference\/spec/.test(id) ? 1.3 : /\/reference\/(commands|errors|settings)/.test(id) ? 1.2 : 1,
  },
}
