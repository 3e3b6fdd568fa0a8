/** From a remote key to Vault's API path, with the operator's rules about mounts and `data`. */

interface Mount {
  path?: string
  version?: 'v1' | 'v2'
}

/** The path that is read for `key`, below `/v1/`. */
export function dataPath({ path, version = 'v2' }: Mount, key: string): string {
  if (!path) return version === 'v2' ? pathWithoutMount(key) : key
  let rest = key
  if (key.startsWith(`${path}/`)) {
    rest = key.slice(path.length + 1)
    if (version === 'v2' && rest.startsWith('data/')) rest = rest.slice('data/'.length)
  }
  return version === 'v2' ? `${path}/data/${rest}` : `${path}/${rest}`
}

/** Without a mount, the first segment is taken for it. */
function pathWithoutMount(key: string): string {
  if (key.includes('/data/')) return key
  const [mount, ...rest] = key.split('/')
  return [mount, 'data', ...rest].join('/')
}

/** The metadata (or list) path of `key`; a mount in front of the key is not stripped here. */
export function metadataPath({ path, version = 'v2' }: Mount, key: string): string {
  if (path) return version === 'v2' ? `${path}/metadata/${key}` : `${path}/${key}`
  const full = dataPath({ version }, key)
  if (version === 'v1') return full
  if (!full.includes('/data/')) throw new Error("provided Path isn't a valid kv v2 path")
  return full.replace('/data/', '/metadata/')
}
