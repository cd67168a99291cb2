// The one direction in which packages may import: each only those before it.
const order = [
  'formula',
  'spec',
  'kernel',
  'statistics',
  'theory',
  'report',
  'database',
  'queue',
  'answers',
  'worker',
  'coordinator',
  'farm',
  'api',
  'dashboard',
  'cli',
  'driftfarm',
]
const pure = ['formula', 'spec', 'kernel', 'statistics', 'theory', 'report']
/** Besides the order: these two never meet, work passes between them through the ledger and the queue. */
const apart = [['coordinator', 'worker']]

const any = (names) => `^packages/(${names.join('|')})/`
module.exports = {
  forbidden: [
    ...order.slice(0, -1).map((name, place) => ({
      name: `${name}-imports-only-what-stands-before-it`,
      severity: 'error',
      // A test may stand on the fixture of a farm.
      from: { path: `^packages/${name}/` },
      to: { path: any(order.slice(place + 1)), pathNot: '\\.fixture\\.ts$' },
    })),
    ...apart.map(([from, to]) => ({
      name: `${from}-and-${to}-stay-apart`,
      severity: 'error',
      from: { path: `^packages/${from}/src` },
      to: { path: `^packages/${to}/` },
    })),
    {
      name: 'coordinator-knows-no-documents',
      severity: 'error',
      comment: 'Who decides what is computed does not say what came of it; tests look at both.',
      from: { path: '^packages/coordinator/src', pathNot: '\\.(test|fixture)\\.ts$' },
      to: { path: any(['report', 'answers']) },
    },
    {
      name: 'only-the-index-is-public',
      comment: 'A package is imported by its name, never by a path into it.',
      severity: 'error',
      // What tests share may look into a package: how it keeps modules, which migrations there are.
      from: { path: '^packages/([^/]+)/src', pathNot: '\\.(test|fixture)\\.ts$|^packages/testing/' },
      to: {
        path: '^packages/([^/]+)/src/(?!((bundle|client|drawing|native|shapes)/)?index\\.ts$)',
        pathNot: '^packages/$1/',
      },
    },
    {
      name: 'only-tests-import-testing',
      severity: 'error',
      from: { path: '^packages/(?!testing/)', pathNot: '\\.(test|fixture)\\.ts$' },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^packages', pathNot: 'generated' },
      // What is imported when it is called may know the types of its caller.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
    {
      name: 'pure-packages-touch-no-machine',
      severity: 'error',
      from: { path: `${any(pure)}src/`, pathNot: '\\.(test|fixture)\\.ts$|/fixtures/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'help-is-light',
      comment: 'Help and errors are instant: the file of a command is imported when it is called.',
      severity: 'error',
      from: { path: '^packages/cli/src/(main|program|command|commands\\.generated|options/.*)\\.ts$' },
      to: {
        path: '^packages/(?!cli/)|^packages/cli/src/(commands/|session|output)',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'the-page-runs-in-a-browser',
      comment: 'It knows documents and the client of the API; types of a Source are in report.',
      severity: 'error',
      from: { path: '^packages/dashboard/src' },
      to: { path: '^packages/(database|queue|answers|worker|coordinator|farm|api/src/(?!client/))' },
    },
    {
      name: 'views-know-no-http',
      severity: 'error',
      from: { path: '^packages/dashboard/src/(views|parts|routes)/' },
      to: { path: '^packages/api/' },
    },
    {
      name: 'the-client-runs-in-a-browser',
      severity: 'error',
      from: { path: '^packages/api/src/client/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/(database|queue|answers|worker|coordinator|farm)/|^packages/api/src/(?!client/)' },
    },
    {
      name: 'only-queue-knows-bullmq',
      severity: 'error',
      from: { path: '^packages', pathNot: '^packages/queue/' },
      to: { path: 'node_modules/(bullmq|ioredis)/' },
    },
    {
      name: 'only-database-knows-sql-clients',
      severity: 'error',
      comment: 'The queue has BullMQ’s own tables on PostgreSQL to look after, and nothing else there.',
      from: { path: '^packages', pathNot: '^packages/(database|queue)/' },
      to: { path: 'node_modules/(pg|pg-copy-streams|@prisma/[^/]+)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated)/' },
    tsPreCompilationDeps: true,
    // The TypeScript that we use is too new for the cruiser's own parser.
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
}
