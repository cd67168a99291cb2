import type { Deployment, StatefulSet } from 'kubernetes-types/apps/v1'
import type { HorizontalPodAutoscalerBehavior } from 'kubernetes-types/autoscaling/v2'
import type { Job } from 'kubernetes-types/batch/v1'
import type { ConfigMap, Namespace, Service } from 'kubernetes-types/core/v1'
import type { ObjectMeta } from 'kubernetes-types/meta/v1'
import type { NetworkPolicy } from 'kubernetes-types/networking/v1'
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1'

/** The type of each kind that is shipped: Kubernetes' as it is published, KEDA's the part of 2.17 that is used. */
export interface ManifestKinds {
  Namespace: Whole<Namespace>
  ConfigMap: Whole<ConfigMap>
  Service: Whole<Service>
  Deployment: Whole<Deployment>
  StatefulSet: Whole<StatefulSet>
  Job: Whole<Job>
  NetworkPolicy: Whole<NetworkPolicy>
  PodDisruptionBudget: Whole<PodDisruptionBudget>
  ScaledObject: ScaledObject
  TriggerAuthentication: TriggerAuthentication
}

/** Whoever applies it needs to know what it is. */
type Whole<T extends { apiVersion?: string; kind?: string; metadata?: ObjectMeta }> = T &
  Required<Pick<T, 'apiVersion' | 'kind' | 'metadata'>>

interface ScaledObject {
  apiVersion: 'keda.sh/v1alpha1'
  kind: 'ScaledObject'
  metadata: ObjectMeta
  spec: {
    scaleTargetRef: { name: string; apiVersion?: string; kind?: string; envSourceContainerName?: string }
    pollingInterval?: number
    cooldownPeriod?: number
    initialCooldownPeriod?: number
    minReplicaCount?: number
    maxReplicaCount?: number
    idleReplicaCount?: 0
    fallback?: {
      failureThreshold: number
      replicas: number
      behavior?: 'static' | 'currentReplicas' | 'currentReplicasIfHigher' | 'currentReplicasIfLower'
    }
    advanced?: {
      restoreToOriginalReplicaCount?: boolean
      horizontalPodAutoscalerConfig?: { name?: string; behavior?: HorizontalPodAutoscalerBehavior }
    }
    triggers: Trigger[]
  }
}

/** Everything in `metadata` of a trigger is text. */
type Trigger = { metricType: 'AverageValue' | 'Value'; authenticationRef: { name: string }; name?: string } & (
  | {
      type: 'metrics-api'
      metadata: {
        url: string
        format?: 'json' | 'xml' | 'yaml' | 'prometheus'
        valueLocation: string
        targetValue: string
        activationTargetValue?: string
        authMode?: 'apiKey' | 'basic' | 'tls' | 'bearer'
        unsafeSsl?: 'true' | 'false'
      }
    }
  | {
      type: 'postgresql'
      metadata: { query: string; targetQueryValue: string; activationTargetQueryValue?: string }
    }
)

interface TriggerAuthentication {
  apiVersion: 'keda.sh/v1alpha1'
  kind: 'TriggerAuthentication'
  metadata: ObjectMeta
  spec: { secretTargetRef: { parameter: string; name: string; key: string }[] }
}
