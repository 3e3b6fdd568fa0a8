/** Quantities of metrics: three decimals, then Kubernetes' canonical form. */

const SUFFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E']

/** `20` → "20", `0.5` → "500m", `2000` → "2k"; what is not a positive finite number → "0". */
export function formatQuantity(value: number): string {
  if (!Number.isFinite(value) || value <= 0) return '0'
  const milli = BigInt(Math.round(Number(value.toFixed(3)) * 1000))
  if (milli % 1000n !== 0n) return `${milli}m`
  let whole = milli / 1000n
  let exponent = 0
  while (whole !== 0n && whole % 1000n === 0n && exponent < SUFFIXES.length - 1) {
    whole /= 1000n
    exponent++
  }
  return `${whole}${SUFFIXES[exponent]}`
}
