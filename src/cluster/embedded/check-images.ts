/** Images without a runner, found before anything is created. */
import { findRunner, type ImageMap } from '../../embedded/node/images.ts'
import { DevenvError } from '../../lib/errors.ts'
import type { UsedImage } from '../provider.ts'

/** Throws IMAGE_UNMAPPED with every image that no pattern of devenv/images.yaml matches. */
export function checkImages(used: UsedImage[], images: ImageMap): void {
  const unmapped = used.filter(({ image }) => findRunner(images, image) === undefined)
  if (unmapped.length === 0) return
  const list = unmapped.map(({ image, owner, source }) => `${image} (${owner}, ${source})`).join('\n  ')
  throw new DevenvError('IMAGE_UNMAPPED', `no local program stands in for:\n  ${list}`, {
    fix: `Add to devenv/images.yaml: - match: "${unmapped[0]!.image}" with a runner, e.g. { kind: exec, command: [PROGRAM] }.`,
  })
}
