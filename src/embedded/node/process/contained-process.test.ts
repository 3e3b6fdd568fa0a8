import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ContainedProcess } from './contained-process.ts'

it('does not live on in a process that the tools had forked before they were killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'contained-'))
  try {
    // Stands for unshare between its fork and the moment at which its child asks to die with it.
    await writeFile(join(folder, 'setpriv'), '#!/bin/sh\nsleep 60 &\nkill -9 $$\n')
    await chmod(join(folder, 'setpriv'), 0o755)
    const containment = {
      supervisorPid: process.pid,
      hostname: 'x',
      mounts: [],
      root: undefined,
      cwd: '/',
      argv: ['x'],
    }
    const env = { PATH: `${folder}:${process.env.PATH}` }
    const child = new ContainedProcess('root-namespaces', containment, env, undefined)
    child.output(() => undefined)
    expect(await child.exited).toEqual({ exitCode: 137 })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
