import type { DefaultTheme } from 'vitepress'

/** A page, by its place without .md, and what leads to it. */
type Page = readonly [place: string, title: string]
type Part = readonly [title: string, pages: readonly Page[]]

const learn: readonly Page[] = [
  ['learn/playground', 'Playground'],
  ['install', 'Installation'],
  ['learn/first-sweep', '1. First sweep'],
  ['learn/your-own', '2. Your own loss and data'],
  ['learn/rare-rate', '3. Rare crossings'],
  ['learn/limits', 'What Drift Farm does not do'],
]
const howto: readonly Part[] = [
  [
    'Experiments',
    [
      ['howto/how-many', 'Number of trials'],
      ['howto/rare-events', 'Rare events'],
      ['howto/threshold', 'Thresholds'],
      ['howto/networks', 'Networks'],
      ['howto/minima', 'Minima of a loss'],
      ['howto/checkpoint', 'Trained weights as a start'],
    ],
  ],
  [
    'Results',
    [
      ['howto/plot', 'Figures'],
      ['howto/paper', 'Tables and figures for a paper'],
      ['howto/python', 'Python, R and DuckDB'],
      ['howto/sql', 'SQL'],
      ['howto/compare', 'Comparison'],
      ['howto/fits', 'Fits and barriers'],
    ],
  ],
  [
    'Code',
    [
      ['howto/testing', 'Tests with the library'],
      ['howto/upgrading', 'Results after an upgrade'],
    ],
  ],
]
const operate: readonly Part[] = [
  [
    'Start a farm',
    [
      ['operate/overview', 'Parts, sizes, ports and access'],
      ['operate/one-machine', 'One machine'],
      ['operate/systemd', 'Servers with systemd'],
      ['operate/docker', 'Docker Compose'],
      ['operate/kubernetes', 'Kubernetes'],
      ['operate/slurm', 'SLURM'],
      ['operate/offline', 'Machines without a network'],
    ],
  ],
  [
    'Keep it running',
    [
      ['operate/monitoring', 'Monitoring'],
      ['operate/troubleshooting', 'Troubleshooting'],
      ['operate/disk-space', 'Disk space'],
      ['operate/backup', 'Backup and restore'],
      ['operate/upgrade', 'Upgrade of a running farm'],
    ],
  ],
  [
    'Make it larger',
    [
      ['operate/connections', 'Connections, Redis, PgBouncer'],
      ['operate/scaling', 'Growth of a farm'],
    ],
  ],
]
const understand: readonly Page[] = [
  ['understand/sdg', 'Stochastic Drift Gradient'],
  ['understand/trial', 'Trials and escapes'],
  ['understand/intervals', 'Confidence intervals'],
  ['understand/stopping', 'Interval guarantees by stopping rule'],
  ['understand/checks', 'Checks of a result'],
  ['understand/splitting', 'Splitting'],
  ['understand/temperature', 'Temperature of noise'],
  ['understand/theorem-1', 'Theorem 1, explained'],
  ['understand/exact', 'Exact answers'],
  ['understand/nothing-is-lost', 'Reliability of a farm'],
  ['understand/same-bits', 'Reproducibility'],
]
const appendix: readonly Page[] = [['appendix/proofs', 'Theorems and proofs']]
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
  ['reference/compatibility', 'Versions, compatibility'],
  ['reference/life', 'Life of a sweep'],
  ['reference/guarantees', 'Guarantees'],
  ['reference/benchmarks', 'Benchmarks'],
  ['reference/dictionary', 'Dictionary'],
]
const develop: readonly Part[] = [
  ['Overview', [['develop/architecture', 'Architecture']]],
  [
    'Extend it',
    [
      ['develop/law', 'New noise distribution'],
      ['develop/rule', 'New update rule'],
      ['develop/terms', 'New stopping rule, check, figure or question'],
      ['develop/landscape', 'New landscape'],
      ['develop/estimate', 'New estimate, field or column'],
      ['develop/command', 'New command'],
      ['develop/kernel-version', 'Golden digests, kernel versions'],
    ],
  ],
  [
    'Reimplement it',
    [
      ['develop/semantics', 'Semantics of a trial'],
      ['develop/semantics-numbers', 'Semantics of estimates'],
    ],
  ],
  ['Measure it', [['develop/benchmarks', 'Benchmarks']]],
]

const gallery: readonly Page[] = [
  ['gallery/safran-shamir', 'Spurious minima of ReLU networks'],
  ['gallery/xor', 'XOR by backpropagation'],
  ['gallery/anisotropic', 'Noise along the curvature'],
  ['gallery/batch-size', 'Batch size, step size, sharpness'],
  ['gallery/heavy-tails', 'Heavy tails'],
  ['gallery/loss-scaled', 'Noise proportional to the loss'],
  ['gallery/momentum', 'Momentum and friction'],
  ['gallery/saddle', 'Strict saddles'],
  ['gallery/annealing', 'Annealing'],
  ['gallery/gamblers-ruin', "Gambler's ruin"],
  ['gallery/mean-exit', 'Mean first-passage time'],
  ['gallery/two-channels', 'Splitting with two channels'],
  ['gallery/mueller-brown', 'Müller-Brown surface'],
  ['gallery/theorem-1', 'Bounds of Theorem 1'],
  ['gallery/network-exit', 'First exit of a trained network'],
  ['gallery/edge-of-stability', 'Edge of stability'],
  ['gallery/shape-matters', 'Label noise and sparse solutions'],
  ['gallery/batch-threshold', 'Batch size and step size on digits'],
  ['gallery/connected-minima', 'Connected minima'],
  ['gallery/small-noise', 'Small-noise limit'],
]

const item = ([place, text]: Page) => ({ text, link: `/${place}` })
const group = ([text, pages]: Part) => ({ text, items: pages.map(item) })
/** The sidebar of a folder: its landing page, then its pages. */
const sidebar = (title: string, folder: string, parts: readonly Part[]) => [
  { text: title, link: `/${folder}/` },
  ...parts.map(group),
]

/** Which versions of the book there are. */
export interface Versions {
  /** Of this build. */
  readonly version: string
  /** The newest first; none where this build is the only one. */
  readonly all: readonly string[]
  /** From the folder of this build to that of the newest one. */
  readonly top: '' | '/..'
}

/** The menu of versions in the header. Each of the others is a site of its own: a link to it leaves this one. */
function versionMenu(
  { version, all, top }: Versions,
  home: string,
  words: { readonly current: string; readonly newest: string },
): DefaultTheme.NavItem {
  const others = all.filter((name) => name !== version)
  const place = (name: string): string => `${top}/${name === all[0] ? '' : `${name}/`}${home}`
  return {
    text: version,
    items: [
      { text: `${version} (${words.current})`, link: `/${home}` },
      ...others.map((name) => ({
        text: name === all[0] ? `${name} (${words.newest})` : name,
        link: place(name),
        target: '_self',
        noIcon: true,
      })),
    ],
  }
}

/** Navigation and sidebars of the English pages. */
export function english(versions: Versions): DefaultTheme.Config {
  const learning = sidebar('Lessons', 'learn', [['Learn', learn]])
  const background = sidebar('Background', 'understand', [
    ['Understand', understand],
    ['Appendix', appendix],
  ])
  return {
    nav: [
      { text: 'Learn', link: '/learn/', activeMatch: '^/(learn/|install)' },
      { text: 'How to', link: '/howto/', activeMatch: '^/howto/' },
      { text: 'Operate', link: '/operate/', activeMatch: '^/operate/' },
      { text: 'Understand', link: '/understand/', activeMatch: '^/(understand|appendix)/' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
      { text: 'Develop', link: '/develop/', activeMatch: '^/develop/' },
      { text: 'Gallery', link: '/gallery/', activeMatch: '^/gallery/' },
      versionMenu(versions, '', { current: 'this one', newest: 'the newest' }),
    ],
    outline: [2, 3],
    sidebar: {
      '/learn/': learning,
      '/install': learning,
      '/howto/': sidebar('How-to guides', 'howto', howto),
      '/operate/': sidebar('Operations manual', 'operate', operate),
      '/understand/': background,
      '/appendix/': background,
      '/reference/': sidebar('Reference', 'reference', [['Look up', reference]]),
      '/develop/': sidebar('Developer guide', 'develop', develop),
      '/gallery/': sidebar('Published results, reproduced', 'gallery', [['Gallery', gallery]]),
    },
  }
}

/** The same of the pages that there are in Korean. */
export function korean(versions: Versions): DefaultTheme.Config {
  const lessons: readonly Page[] = [
    ['ko/install', '설치'],
    ['ko/learn/first-sweep', '1. 첫 스윕'],
    ['ko/learn/your-own', '2. 내 손실 함수와 내 데이터'],
    ['ko/learn/rare-rate', '3. 드문 사건의 속도 상수'],
  ]
  const inEnglish: readonly Page[] = [
    ['howto/', '방법 (영어)'],
    ['operate/', '운영 (영어)'],
    ['understand/', '해설 (영어)'],
    ['reference/', '레퍼런스 (영어)'],
    ['gallery/', '갤러리 (영어)'],
  ]
  return {
    nav: [
      { text: '배우기', link: '/ko/learn/first-sweep', activeMatch: '^/ko/(learn/|install)' },
      { text: '용어집', link: '/ko/dictionary' },
      { text: '레퍼런스 (영어)', link: '/reference/' },
      versionMenu(versions, 'ko/', { current: '이 문서', newest: '최신' }),
    ],
    sidebar: {
      '/ko/': [
        { text: '배우기', items: [{ text: '처음', link: '/ko/' }, ...lessons.map(item)] },
        { text: '찾아보기', items: [item(['ko/dictionary', '용어집']), ...inEnglish.map(item)] },
      ],
    },
    outline: { level: [2, 3], label: '목차' },
    docFooter: { prev: '이전', next: '다음' },
    darkModeSwitchLabel: '화면 모드',
    lightModeSwitchTitle: '밝은 화면으로',
    darkModeSwitchTitle: '어두운 화면으로',
    returnToTopLabel: '맨 위로',
    sidebarMenuLabel: '메뉴',
    langMenuLabel: '언어',
    skipToContentLabel: '본문으로',
    notFound: {
      title: '페이지가 없습니다',
      quote: '주소가 바뀌었거나 잘못되었습니다.',
      linkLabel: '처음으로',
      linkText: '처음으로',
    },
  }
}

/** What the box of search says in Korean. */
export const koreanSearch = {
  button: { buttonText: '검색', buttonAriaLabel: '검색' },
  modal: {
    displayDetails: '자세히 보기',
    resetButtonTitle: '지우기',
    backButtonTitle: '닫기',
    noResultsText: '한국어 문서에 없습니다. 영어 문서에서도 찾아보세요:',
    footer: {
      selectText: '열기',
      selectKeyAriaLabel: '엔터',
      navigateText: '이동',
      navigateUpKeyAriaLabel: '위 화살표',
      navigateDownKeyAriaLabel: '아래 화살표',
      closeText: '닫기',
      closeKeyAriaLabel: 'esc',
    },
  },
}
