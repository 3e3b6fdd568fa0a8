import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { localCharts } from './local-charts.ts'

const folder = (path: string) =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url)).replace(/\/$/, '')

it('finds siblings, below the folder that holds them all', async () => {
  const charts = await localCharts(folder('test/fixtures/team1-chart/production'))
  expect(charts.root).toBe(folder('test/fixtures/team1-chart'))
  expect(charts.path).toBe('production')
  expect(charts.folders).toEqual([
    'production',
    'charts/common',
    'charts/core-api',
    'charts/frontend',
    'charts/worker',
    'charts/rabbitmq',
    'charts/postgres',
  ])
})

it('is the chart alone when all is below it', async () => {
  expect(await localCharts(folder('devenv/stack'))).toEqual({
    root: folder('devenv/stack'),
    path: '',
    folders: ['.'],
  })
})
