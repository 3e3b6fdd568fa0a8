/** Differences that DIFFERENCES.md tells of: a line names the behaviour in a comment, which readers do not see. */

/** `- Template hashes are our own. <!-- parity: name of the case -->` → name → the line without its mark. */
export function knownDifferences(markdown: string): Map<string, string> {
  const known = new Map<string, string>()
  const item = /^-\s+[\s\S]*?(?=^-\s|^#|^\s*$(?![\s\S])|\n\n)/gm
  for (const [text] of markdown.matchAll(item)) {
    const line = text
      .replaceAll(/<!--[\s\S]*?-->/g, '')
      .replace(/^-\s+/, '')
      .replaceAll(/\s+/g, ' ')
      .trim()
    for (const [, name = ''] of text.matchAll(/<!--\s*parity:\s*([\s\S]*?)\s*-->/g))
      known.set(name.replaceAll(/\s+/g, ' '), line)
  }
  return known
}
