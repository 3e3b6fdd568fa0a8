/** The other way out for those whose engine will not do. */

/** To end a fix with: the embedded cluster, whose pods need addresses that Linux alone has. */
export function orEmbedded(platform: string = process.platform): string {
  return platform === 'linux' ? ' Or: npm run up -- --cluster embedded' : ''
}
