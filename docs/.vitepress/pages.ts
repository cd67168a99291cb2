import type { DefaultTheme } from 'vitepress'

/** A page, by its place without .md, and what leads to it. */
type Page = readonly [place: string, title: string]
type Part = readonly [title: string, pages: readonly Page[]]

const learn: readonly Page[] = [
  ['learn/first-sweep', '1. A first sweep'],
  ['learn/your-own', '2. Your own loss and data'],
  ['learn/rare-rate', '3. A rare rate'],
]
const howto: readonly Part[] = [
  [
    'Results',
    [
      ['howto/plot', 'Plot'],
      ['howto/notebook', 'Notebook'],
      ['howto/latex', 'LaTeX'],
      ['howto/tables', 'pandas, polars, DuckDB'],
      ['howto/ask', 'Ask the database'],
      ['howto/questions', 'Fifteen questions in SQL'],
      ['howto/compare', 'Compare'],
      ['howto/fits', 'Fit a rate'],
      ['howto/cite', 'Cite'],
    ],
  ],
  [
    'Experiments',
    [
      ['howto/how-many', 'How many trials'],
      ['howto/rare-events', 'Rare events'],
      ['howto/threshold', 'Find a threshold'],
      ['howto/minima', 'Find minima'],
      ['howto/checkpoint', 'From a checkpoint'],
    ],
  ],
  [
    'Many machines',
    [
      ['howto/deploy', 'Deploy'],
      ['howto/operate', 'Operate'],
      ['howto/shards', 'Without a network'],
      ['howto/scale', 'Scale'],
    ],
  ],
  [
    'Change the program',
    [
      ['howto/add-a-law', 'Add a law'],
      ['howto/add-a-rule', 'Add a rule'],
      ['howto/add-an-estimate', 'Add an estimate'],
      ['howto/add-a-command', 'Add a command'],
      ['howto/golden-digests', 'Golden digests'],
    ],
  ],
]
const reference: readonly Page[] = [
  ['reference/spec', 'Spec'],
  ['reference/commands', 'Commands'],
  ['reference/documents', 'Documents'],
  ['reference/database', 'Database'],
  ['reference/http', 'HTTP'],
  ['reference/library', 'Library'],
  ['reference/errors', 'Errors'],
  ['reference/metrics', 'Metrics'],
  ['reference/settings', 'Settings'],
  ['reference/life', 'Life of a sweep'],
  ['reference/benchmarks', 'Benchmarks'],
]
const understand: readonly Page[] = [
  ['understand/sdg', 'Stochastic Drift Gradient'],
  ['understand/trial', 'What a trial is'],
  ['understand/semantics', 'Semantics, to the bit'],
  ['understand/intervals', 'Intervals and stopping'],
  ['understand/splitting', 'Splitting'],
  ['understand/temperature', 'Noise with momentum'],
  ['understand/theorem-1', 'Theorem 1, explained'],
  ['understand/theorem', 'Theorems and proofs'],
  ['understand/exact', 'Exact answers'],
  ['understand/nothing-is-lost', 'How nothing is lost'],
  ['understand/guarantees', 'Guarantees, measured'],
  ['understand/same-bits', 'The same bits everywhere'],
]

const item = ([place, text]: Page) => ({ text, link: `/${place}` })
const group = ([text, pages]: Part) => ({ text, items: pages.map(item) })

/** Navigation and sidebars of the English pages. */
export function english(version: string): DefaultTheme.Config {
  return {
    nav: [
      { text: 'Learn', link: '/learn/first-sweep', activeMatch: '^/learn/' },
      { text: 'How to', link: '/howto/plot', activeMatch: '^/howto/' },
      { text: 'Reference', link: '/reference/spec', activeMatch: '^/reference/' },
      { text: 'Understand', link: '/understand/sdg', activeMatch: '^/understand/' },
      { text: 'Gallery', link: '/gallery/', activeMatch: '^/gallery/' },
      { text: 'Dictionary', link: '/dictionary' },
      { text: version, items: [{ text: `This is ${version}`, link: '/' }] },
    ],
    outline: [2, 3],
    sidebar: {
      '/learn/': [{ text: 'Learn', items: [item(['install', 'Install']), ...learn.map(item)] }],
      '/install': [{ text: 'Learn', items: [item(['install', 'Install']), ...learn.map(item)] }],
      '/howto/': howto.map(group),
      '/reference/': [{ text: 'Reference', items: reference.map(item) }],
      '/understand/': [{ text: 'Understand', items: understand.map(item) }],
    },
  }
}

/** The same of the pages that there are in Korean. */
export function korean(version: string): DefaultTheme.Config {
  const pages: readonly Page[] = [
    ['ko/install', '설치'],
    ['ko/learn/first-sweep', '1. 첫 스윕'],
    ['ko/learn/your-own', '2. 내 손실 함수와 내 데이터'],
    ['ko/learn/rare-rate', '3. 드문 사건의 속도'],
    ['ko/dictionary', '용어집'],
  ]
  return {
    nav: [
      { text: '배우기', link: '/ko/learn/first-sweep', activeMatch: '^/ko/learn/' },
      { text: '용어집', link: '/ko/dictionary' },
      { text: '참고 (영어)', link: '/reference/spec' },
      { text: version, items: [{ text: `${version} 판`, link: '/ko/' }] },
    ],
    sidebar: { '/ko/': [{ text: '배우기', items: pages.map(item) }] },
    outline: { level: [2, 3], label: '이 쪽의 차례' },
    docFooter: { prev: '앞', next: '다음' },
    darkModeSwitchLabel: '밝기',
    returnToTopLabel: '맨 위로',
    sidebarMenuLabel: '차례',
    langMenuLabel: '언어',
  }
}
