// Generates docs/reference/metrics.md and infra/grafana/dashboard.json from the table of metrics.
import { type Metric, metricPrefix, metricTable } from '@driftfarm/api'
import { prose } from './prose.ts'

const metrics = Object.entries(metricTable) as [string, Metric][]

export function metricsReference(): string {
  return [
    '# Metrics',
    '',
    prose(
      'With this page you can look up every metric of a farm. It is generated from the code by `npm run generate`. ' +
        'Every coordinator (and `up`) serves these metrics at `/metrics`, in the Prometheus format, to tokens of any ' +
        'role. `queue_up` and `watchers` describe the coordinator that responds; all other metrics are the same from ' +
        'every coordinator. The response includes the metrics of Node (`driftfarm_process_...`, ' +
        '`driftfarm_nodejs_...`), which describe the coordinator process. If the database does not respond, the ' +
        'whole response is an error, because zeros would look like a farm without work. ' +
        '[Monitoring](../operate/monitoring.md) lists the most important metrics.',
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

/** A panel for each metric. Counters are shown as rates per second. */
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
    description: 'Generated from the table of metrics by `npm run generate`.',
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
  return `${words[0]!.toUpperCase()}${words.slice(1)}${name.endsWith('_total') ? ' per second' : ''}`
}

/** All coordinators report the same farm. For metrics of single coordinators, the sum or the minimum is shown. */
function expressionOf(name: string, type: Metric['type'], label: string | undefined): string {
  const series = `${metricPrefix}${name}{job="$job"}`
  if (type === 'counter') return `max(rate(${series}[$__rate_interval]))`
  if (label !== undefined) return `max by (${label}) (${series})`
  return name === 'watchers' ? `sum(${series})` : name === 'queue_up' ? `min(${series})` : `max(${series})`
}
