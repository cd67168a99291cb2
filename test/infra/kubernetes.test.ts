import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { metricPrefix, metricTable } from '@driftfarm/api'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { needs, programPath } from '@driftfarm/testing/program'
import type { Deployment } from 'kubernetes-types/apps/v1'
import type { PodSpec } from 'kubernetes-types/core/v1'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { mistakeOf } from './commandLine.ts'

const run = promisify(execFile)
const folder = temporaryFolder()
afterAll(() => folder.remove())

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  // biome-ignore lint/suspicious/noExplicitAny: its type is what is tested.
  readonly spec?: any
}

const overlays = readdirSync(join(root, 'infra/kubernetes/overlays')).sort()
const rendered = new Map<string, Manifest[]>()

beforeAll(async () => {
  for (const name of ['base', ...overlays.map((each) => `overlays/${each}`)]) {
    const { stdout } = await run(programPath('kustomize'), ['build', join(root, 'infra/kubernetes', name)])
    rendered.set(
      name,
      parseAllDocuments(stdout).map((document) => document.toJS()),
    )
  }
})

/** What the published types have against manifests, by TypeScript: unknown fields, wrong ones, missing ones. */
async function mistakesOfTypes(manifests: readonly Manifest[]): Promise<string> {
  const kinds = join(root, 'test/infra/manifestKinds.ts')
  const lines = manifests.map(
    (each, at) => `export const m${at}: ManifestKinds[${JSON.stringify(each.kind)}] = ${JSON.stringify(each, null, 1)}`,
  )
  const file = join(folder.path, 'manifests.ts')
  writeFileSync(file, [`import type { ManifestKinds } from ${JSON.stringify(kinds)}`, ...lines].join('\n'))
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    target: 'es2022',
    module: 'preserve',
    types: [],
  }
  const project = join(folder.path, 'tsconfig.json')
  writeFileSync(project, JSON.stringify({ compilerOptions, files: [file] }))
  const checked = await run(join(root, 'node_modules/.bin/tsc'), ['-p', project]).catch((error) => error)
  return checked.stdout
}

const podOf = ({ spec }: Manifest): PodSpec | undefined => spec?.template?.spec
const named = (manifests: readonly Manifest[], kind: string, name: string): Manifest => {
  const found = manifests.filter((each) => each.kind === kind && each.metadata.name === name)
  expect(found, `${kind} ${name}`).toHaveLength(1)
  return found[0]!
}

/** Secrets that must be there before, as NAME/KEY. */
function secretsOf(manifests: readonly Manifest[]): string[] {
  const found = new Set<string>()
  for (const manifest of manifests) {
    const pod = podOf(manifest)
    for (const { valueFrom } of pod?.containers.flatMap(({ env = [] }) => env) ?? []) {
      const from = valueFrom?.secretKeyRef
      if (from) found.add(`${from.name}/${from.key}`)
    }
    for (const { secret } of pod?.volumes ?? [])
      if (secret)
        for (const key of secret.items?.map((item) => item.key) ?? ['token']) found.add(`${secret.secretName}/${key}`)
    if (manifest.kind === 'TriggerAuthentication')
      for (const { name, key } of manifest.spec.secretTargetRef) found.add(`${name}/${key}`)
  }
  return [...found].sort()
}

describe('infra/kubernetes', needs('kustomize'), () => {
  test('every overlay is what Kubernetes and KEDA take', async () => {
    expect(await mistakesOfTypes([...rendered.values()].flat())).toBe('')
  })

  test('a wrong field, a wrong type and a missing field are found out', async () => {
    const change = (name: string, kind: string, breaking: (manifest: Manifest) => void): Manifest => {
      const [first] = structuredClone(rendered.get(name)!.filter((each) => each.kind === kind))
      breaking(first!)
      return first!
    }
    const said = await mistakesOfTypes([
      change('base', 'Deployment', ({ spec }) => Object.assign(spec.template.spec.containers[0], { livenesProbe: {} })),
      change('base', 'Deployment', ({ spec }) => Object.assign(spec, { replicas: 'two' })),
      change('base', 'Job', ({ spec }) => delete spec.template),
      change('overlays/keda-metrics-api', 'ScaledObject', ({ spec }) =>
        Object.assign(spec.fallback, { replicas: null }),
      ),
      change('overlays/keda-metrics-api', 'ScaledObject', ({ spec }) => delete spec.triggers[0].metadata.valueLocation),
    ])
    const lines = said.split('\n').filter((line) => line.includes('error TS'))
    for (const word of ['livenesProbe', '"two"|string', 'template', 'null', 'valueLocation'])
      expect(
        lines.some((line) => new RegExp(word).test(line)),
        `${word} in\n${said}`,
      ).toBe(true)
    expect(lines).toHaveLength(5)
  })

  test('pods run restricted, with nothing to write to but what they have of their own', () => {
    for (const manifest of [...rendered.values()].flat()) {
      const pod = podOf(manifest)
      if (pod === undefined) continue
      expect(pod.securityContext, manifest.metadata.name).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      expect(pod.automountServiceAccountToken).toBe(false)
      for (const { name, securityContext, resources, args = [], env = [], image } of pod.containers) {
        expect(securityContext, name).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        expect([resources?.requests?.memory, resources?.limits?.memory], name).not.toContain(undefined)
        if (!image!.startsWith('driftfarm:')) continue
        expect(mistakeOf(args), name).toBeNull()
        const secrets = env.filter(({ name }) => /URL|PASSWORD|TOKEN(?!_FILE)/.test(name))
        expect(secrets.filter(({ value }) => value !== undefined && !value.startsWith('/'))).toEqual([])
      }
    }
  })

  test('what is referred to is there: services, ports, config maps, volumes', () => {
    for (const [overlay, manifests] of rendered) {
      const templates = manifests.flatMap(({ spec }) => (spec?.template ? [spec.template] : []))
      for (const { kind, metadata, spec } of manifests) {
        expect([undefined, 'driftfarm']).toContain(metadata.namespace)
        const labels = Object.entries(spec?.selector?.matchLabels ?? spec?.selector ?? {})
        if (['Service', 'PodDisruptionBudget', 'Deployment', 'StatefulSet'].includes(kind)) {
          const chosen = templates.filter((each) => labels.every(([key, value]) => each.metadata.labels[key] === value))
          expect(chosen, `${overlay}: ${kind} ${metadata.name}`).toHaveLength(1)
          const ports = chosen[0].spec.containers[0].ports?.map(({ name }: { name: string }) => name) ?? []
          for (const port of kind === 'Service' ? spec.ports : []) expect(ports).toContain(port.targetPort)
        }
        const pod = podOf({ kind, metadata, spec })
        const volumes = [
          ...(pod?.volumes ?? []),
          ...(spec?.volumeClaimTemplates ?? []).map((each: Manifest) => each.metadata),
        ]
        for (const { volumeMounts = [] } of pod?.containers ?? [])
          for (const { name } of volumeMounts) expect(volumes.map((each) => each.name)).toContain(name)
        for (const { configMap } of pod?.volumes ?? []) if (configMap) named(manifests, 'ConfigMap', configMap.name!)
      }
    }
  })

  test('every pod is let into by a policy alone, and Redis, which has no password, by the farm alone', () => {
    for (const [overlay, manifests] of rendered) {
      const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy')
      const labelled = manifests.flatMap(({ spec }) => (spec?.template ? [spec.template.metadata.labels] : []))
      for (const labels of labelled) {
        const chosen = policies.filter(({ spec }) =>
          Object.entries(spec.podSelector.matchLabels).every(([key, value]) => labels[key] === value),
        )
        const ingress = chosen.filter(({ spec }) => spec.policyTypes.includes('Ingress'))
        expect(ingress.length, `${overlay}: ${labels['app.kubernetes.io/name']}`).toBeGreaterThan(0)
      }
    }
    const { ingress } = named(rendered.get('overlays/bundled')!, 'NetworkPolicy', 'redis').spec
    expect(ingress[0].from).toEqual([{ podSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'driftfarm' } } }])
  })

  test('workers drain in time, and a coordinator always stays', () => {
    const base = rendered.get('base')!
    for (const name of ['coordinator', 'worker'])
      expect(podOf(named(base, 'Deployment', name))!.terminationGracePeriodSeconds).toBe(30)
    expect(named(base, 'Deployment', 'coordinator').spec.replicas).toBe(2)
    expect(named(base, 'PodDisruptionBudget', 'coordinator').spec.minAvailable).toBe(1)
    expect(named(base, 'PodDisruptionBudget', 'worker').spec.maxUnavailable).toBe('50%')
  })

  test.each(['keda-metrics-api', 'keda-postgresql'])('%s: workers follow the demand', (overlay) => {
    const manifests = rendered.get(`overlays/${overlay}`)!
    const { spec } = named(manifests, 'ScaledObject', 'worker')
    expect(spec).toMatchObject({
      scaleTargetRef: { name: 'worker' },
      pollingInterval: 15,
      cooldownPeriod: 300,
      minReplicaCount: 0,
      maxReplicaCount: 200,
      fallback: { failureThreshold: 3, replicas: 2, behavior: 'currentReplicasIfHigher' },
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleDown: {
              stabilizationWindowSeconds: 120,
              policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }],
            },
            scaleUp: { policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
          },
        },
      },
    })
    const worker = named(manifests, 'Deployment', 'worker') as Manifest & Deployment
    expect(worker.spec.replicas).toBeUndefined()
    const { args = [], resources } = worker.spec.template.spec.containers[0]
    const threads = Number(args[args.indexOf('--threads') + 1])
    expect(Number(resources.requests.cpu)).toBe(threads)
    const [{ metadata, metricType, authenticationRef }] = spec.triggers
    expect(metricType).toBe('AverageValue')
    expect(Number(metadata.targetValue ?? metadata.targetQueryValue)).toBe(2 * threads)
    expect(metadata.activationTargetValue ?? metadata.activationTargetQueryValue).toBe('0')
    named(manifests, 'TriggerAuthentication', authenticationRef.name)
    if (overlay === 'keda-metrics-api')
      expect(Object.keys(metricTable).map((name) => metricPrefix + name)).toContain(metadata.valueLocation)
    // That the query answers with the same number is tested in scaling.test.ts.
    else expect(metadata.query).toBe('select demand from queue')
  })

  test('the secrets that are needed, and nothing else, are in the documentation', () => {
    const needed = new Set([...rendered.values()].flatMap(secretsOf))
    const page = readFileSync(join(root, 'docs/operate/kubernetes.md'), 'utf8').replace(/\\\n */g, '')
    const told = [...page.matchAll(/create secret generic (\S+) (.*)/g)].flatMap(([, name, rest]) =>
      [...rest!.matchAll(/--from-(?:literal|file)=([\w-]+)=/g)].map(([, key]) => `${name}/${key}`),
    )
    expect([...new Set(told)].sort()).toEqual([...needed].sort())
  })
})
