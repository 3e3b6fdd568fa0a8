/** The names that the parts of Argo CD share: resource types, annotations, finalizers. */
import type { Resource } from '../../objects.ts'

export const APPLICATIONS: Resource = 'argoproj.io/v1alpha1/applications'
export const PROJECTS: Resource = 'argoproj.io/v1alpha1/appprojects'

/** Owner of every field that the controller writes. */
export const FIELD_MANAGER = 'argocd-controller'
/** `source.component` of its events. */
export const COMPONENT = 'argocd-application-controller'

export const TRACKING_ID = 'argocd.argoproj.io/tracking-id'
export const REFRESH = 'argocd.argoproj.io/refresh'
export const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options'
export const COMPARE_OPTIONS = 'argocd.argoproj.io/compare-options'
export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave'
export const HOOK = 'argocd.argoproj.io/hook'
export const HOOK_DELETE_POLICY = 'argocd.argoproj.io/hook-delete-policy'
export const IGNORE_HEALTHCHECK = 'argocd.argoproj.io/ignore-healthcheck'
export const DELETION_APPROVED = 'argocd.argoproj.io/deletion-approved'
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

export const HELM_HOOK = 'helm.sh/hook'
export const HELM_HOOK_WEIGHT = 'helm.sh/hook-weight'
export const HELM_HOOK_DELETE_POLICY = 'helm.sh/hook-delete-policy'
export const HELM_RESOURCE_POLICY = 'helm.sh/resource-policy'

export const HOOK_FINALIZER = 'argocd.argoproj.io/hook-finalizer'
/** Deletion of the Application takes its resources along: the plain name and `/foreground` in the foreground. */
export const RESOURCES_FINALIZER = 'resources-finalizer.argocd.argoproj.io'
export const BACKGROUND_FINALIZER = `${RESOURCES_FINALIZER}/background`
export const FOREGROUND_FINALIZER = `${RESOURCES_FINALIZER}/foreground`

/** Held while hooks of that kind are in Git: the Application waits for them, then for what becomes of them. */
export const PRE_DELETE_FINALIZER = 'pre-delete-finalizer.argocd.argoproj.io'
export const POST_DELETE_FINALIZER = 'post-delete-finalizer.argocd.argoproj.io'
export const cleanupOf = (finalizer: string) => `${finalizer}/cleanup`

/** The one cluster there is, by address and by name. */
export const IN_CLUSTER_SERVER = 'https://kubernetes.default.svc'
export const IN_CLUSTER_NAME = 'in-cluster'
