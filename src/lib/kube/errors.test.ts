import { describe, expect, it } from 'vitest'
import { errorOfResponse } from './errors.ts'

describe('errorOfResponse', () => {
  it('takes the words of a Status', () => {
    const status = { kind: 'Status', code: 404, reason: 'NotFound', message: 'pods "a" not found' }
    expect(errorOfResponse(404, JSON.stringify(status))).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'pods "a" not found',
    })
  })

  it('names the checks that failed, not the forty before them', () => {
    const passed = Array.from({ length: 40 }, (_, index) => `[+]poststarthook/some-hook-${index} ok`)
    const page = [
      ...passed,
      '[-]poststarthook/rbac/bootstrap-roles failed: reason withheld',
      '[-]informer-sync failed: reason withheld',
      'readyz check failed',
    ].join('\n')
    expect(errorOfResponse(500, page).message).toBe(
      'readyz check failed: poststarthook/rbac/bootstrap-roles, informer-sync',
    )
  })

  it('keeps the beginning of any other page', () => {
    expect(errorOfResponse(502, `<html>${'x'.repeat(1000)}`).message).toHaveLength(500)
    expect(errorOfResponse(503, ' ').message).toBe('the API server answered HTTP 503')
  })
})
