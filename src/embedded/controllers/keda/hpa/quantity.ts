/** Quantities of metrics: three decimals, then Kubernetes' canonical form. */
import { formatMilli } from '../../../../lib/quantity.ts'

/** `20` → "20", `0.5` → "500m", `2000` → "2k"; what is not a positive finite number → "0". */
export function formatQuantity(value: number): string {
  if (!Number.isFinite(value) || value <= 0) return '0'
  return formatMilli(Math.round(Number(value.toFixed(3)) * 1000))
}
