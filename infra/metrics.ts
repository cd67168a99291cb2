// What is made from the table of metrics: docs/reference/metrics.md and infra/grafana/dashboard.json.
import { type Metric, metricPrefix, metricTable } from '@driftfarm/api'
import { prose } from './prose.ts'

const metrics = Object.entries(metricTable) as [string, Metric][]

export function metricsReference(): string {
  return [
    '# Metrics',
    '',
    prose(
      'Made from the code by `npm run generate`. Every coordinator (and `up`) tells them at `/metrics`, in the ' +
        'format of Prometheus, to tokens of any role. They are the same of every coordinator but `queue_up` and ' +
        '`watchers`, which are its own. Beside them stand those of Node (`driftfarm_process_...`, ' +
        '`driftfarm_nodejs_...`). Where the database does not answer, the whole answer is an error: a zero would be ' +
        'taken for a farm without work.',
    ),
    '',
    '| name | type | meaning |',
    '|---|---|---|',
    ...metrics.map(
      ([name, { type, help, label }]) =>
        `| \`${metricPrefix}${name}\`${label === undefined ? '' : `, label \`${label}\``} | ${type} | ${help} |`,
    ),
    '',
  ].join('\n')
}

const columns = 3
const [width, height] = [24 / columns, 7]

/** A panel for each metric; of counters, what they grow by in a second. */
export function dashboard(): object {
  const panels = metrics.map(([name, { type, help, label, unit }], at) => ({
    id: at + 1,
    type: 'timeseries',
    title: titleOf(name),
    description: help,
    datasource: { type: 'prometheus', uid: '$datasource' },
    gridPos: { x: (at % columns) * width, y: Math.floor(at / columns) * height, w: width, h: height },
    fieldConfig: {
      defaults: {
        unit: type === 'counter' && unit === 's' ? 'none' : (unit ?? 'short'),
        min: 0,
        custom: { fillOpacity: 10, lineWidth: 1, showPoints: 'never' },
      },
      overrides: [],
    },
    options: { legend: { displayMode: 'list', placement: 'bottom', showLegend: label !== undefined } },
    targets: [
      {
        refId: 'A',
        expr: expressionOf(name, type, label),
        legendFormat: label === undefined ? titleOf(name) : `{{${label}}}`,
      },
    ],
  }))
  return {
    uid: 'driftfarm',
    title: 'Drift Farm',
    description: 'Made from the table of metrics by `npm run generate`.',
    tags: ['driftfarm'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
        {
          name: 'job',
          label: 'Farm',
          type: 'query',
          datasource: { type: 'prometheus', uid: '$datasource' },
          query: { query: `label_values(${metricPrefix}leaders, job)`, refId: 'job' },
          refresh: 2,
        },
      ],
    },
    panels,
  }
}

const titleOf = (name: string): string => {
  const words = name
    .replace(/_total$/, '')
    .replaceAll('_', ' ')
    .replace('cpu', 'CPU')
  return `${words[0]!.toUpperCase()}${words.slice(1)}${name.endsWith('_total') ? ' a second' : ''}`
}

/** All coordinators tell the same of the farm; of what is their own, streams add up and a queue must answer each. */
function expressionOf(name: string, type: Metric['type'], label: string | undefined): string {
  const series = `${metricPrefix}${name}{job="$job"}`
  if (type === 'counter') return `max(rate(${series}[$__rate_interval]))`
  if (label !== undefined) return `max by (${label}) (${series})`
  return name === 'watchers' ? `sum(${series})` : name === 'queue_up' ? `min(${series})` : `max(${series})`
}
