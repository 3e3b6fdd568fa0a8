/** Renders one chart in a fresh process and prints how many ms that took, the loading of the renderer included. */
const [chart = '', release = '{}'] = process.argv.slice(2)
const began = performance.now()
const { loadChart, renderChart, toText } = await import('../embedded/helm/index.ts')
toText(renderChart(await loadChart(chart), { ...JSON.parse(release), values: {} }))
process.stdout.write(String(performance.now() - began))
