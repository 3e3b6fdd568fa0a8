/** What the HPA and the API server ask of the metrics providers. */

export interface ExternalMetricValue {
  metricName: string
  metricLabels: Record<string, string> | null
  timestamp: string
  /** A quantity: "33", "500m". */
  value: string
}

/** external.metrics.k8s.io: KEDA's metrics adapter implements it. Failures throw ApiError (500, as KEDA answers). */
export interface ExternalMetrics {
  values(namespace: string, metric: string, labelSelector: string): Promise<ExternalMetricValue[]>
}
