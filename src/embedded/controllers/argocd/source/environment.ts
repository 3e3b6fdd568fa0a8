/** The build environment: ARGOCD_APP_… in parameters and in the names of value files. */
import type { Application, ApplicationSource } from '../types.ts'

export type BuildEnvironment = Record<string, string>

export function buildEnvironment(
  app: Application,
  source: ApplicationSource,
  revision: string,
): BuildEnvironment {
  return {
    ARGOCD_APP_NAME: app.metadata.name,
    ARGOCD_APP_NAMESPACE: app.spec.destination.namespace ?? '',
    ARGOCD_APP_PROJECT_NAME: app.spec.project,
    ARGOCD_APP_REVISION: revision,
    ARGOCD_APP_REVISION_SHORT: revision.slice(0, 7),
    ARGOCD_APP_REVISION_SHORT_8: revision.slice(0, 8),
    ARGOCD_APP_SOURCE_REPO_URL: source.repoURL,
    ARGOCD_APP_SOURCE_PATH: source.path ?? '',
    ARGOCD_APP_SOURCE_TARGET_REVISION: source.targetRevision ?? '',
  }
}

/** `$NAME` and `${NAME}` replaced; names that are not of the build environment become empty, `$$` is a dollar. */
export function substitute(text: string, environment: BuildEnvironment): string {
  return text.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (all, braced?: string, bare?: string) =>
    all === '$$' ? '$' : (environment[braced ?? bare ?? ''] ?? ''),
  )
}
