/** Layer rules: cli → steps → {cluster, components, load} → lib; embedded imports only lib; nothing imports cli. */
const layer = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })
module.exports = {
  forbidden: [
    layer('no-circular', 'A cycle hides which module owns what.', {}, { circular: true }),
    layer('embedded-imports-lib-only', 'The embedded cluster is usable alone, as a test library.', { path: '^src/embedded/' }, { path: '^src/', pathNot: '^src/(embedded|lib)/' }),
    layer('lib-imports-nothing', 'lib is the floor.', { path: '^src/lib/' }, { path: '^src/', pathNot: '^src/lib/' }),
    layer('nothing-imports-cli', 'Commands are the edge.', { path: '^src/', pathNot: '^src/(cli/|main\\.ts$)' }, { path: '^src/cli/' }),
    layer('steps-below-cli-only', 'Only commands run steps.', { path: '^src/', pathNot: '^src/(cli|steps)/' }, { path: '^src/steps/' }),
    layer('capabilities-do-not-know-clusters', 'load speaks the Kubernetes API, never to a provider; its tests may start a real broker.', { path: '^src/(load|components|explain|lint|dashboard|demo|report)/', pathNot: '\\.test\\.ts$' }, { path: '^src/cluster/' }),
    layer('embedded-behind-its-provider', 'Commands and steps do not know which cluster they have.', { path: '^src/(cli|steps|load|status|explain|lint|dashboard|demo|report)/', pathNot: '\\.test\\.ts$' }, { path: '^src/embedded/' }),
    layer('one-door-to-docker', 'src/lib/docker/engine.ts is the only file that imports dockerode.', { path: '^src/', pathNot: '^src/lib/docker/engine\\.ts$' }, { path: 'node_modules/dockerode/' }),
    layer('one-door-to-subprocesses', 'src/lib/exec.ts is the only file that imports execa.', { path: '^src/', pathNot: '^src/lib/exec\\.ts$' }, { path: 'node_modules/execa/' }),
    layer('terminal-only-in-cli', 'commander and listr2 live at the edge.', { path: '^src/', pathNot: '^src/(cli/|main\\.ts$)' }, { path: 'node_modules/(commander|listr2)/' }),
    layer('workloads-are-alone', 'The demo programs run in containers of their own.', { path: '^workloads/' }, { path: '^src/' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
