import { describe, expect, it } from 'vitest'
import { absentFix, examineEngine } from './preflight.ts'
import { newState } from './state.ts'

const quiet = () => undefined

describe('an engine that does not answer', () => {
  const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }

  it('is named with the variable that chose it', async () => {
    await expect(examineEngine('demo', undefined, env, quiet)).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      exitCode: 3,
      message: expect.stringContaining('/nonexistent/docker.sock'),
      fix: expect.stringMatching(/unset DOCKER_HOST/),
    })
  })

  it('is the only one that will do for an environment that is in it', async () => {
    const state = await newState('unix:///nonexistent/other.sock', '10.200.1')
    await expect(examineEngine('demo', state, {}, quiet)).rejects.toMatchObject({
      message: expect.stringContaining('/nonexistent/other.sock'),
      fix: 'Start it again: this environment is in it.',
    })
  })

  it('is mended by the group where its socket is not this user’s to open', () => {
    const why = 'no Docker engine answers (unix:///var/run/docker.sock: connect EACCES /var/run/docker.sock)'
    expect(absentFix(why, {})).toMatch(/^sudo usermod -aG docker/)
    expect(absentFix('no Docker engine: no socket exists', {})).toMatch(/^Start Docker/)
  })
})
