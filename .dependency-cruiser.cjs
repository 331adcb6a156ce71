/**
 * The rooms of docs/architecture.md, and who may know whom. Dependencies run one way:
 * commands -> cli -> (execution, config) -> ports <- adapters; the pure rooms know only each other, downwards.
 */
const room = (names) => `^src/lib/(${names.join('|')})/`
const base = ['units', 'errors']
const mayKnow = (from, allowed) => ({
  name: `${from}-knows-only-its-rooms`,
  severity: 'error',
  from: { path: `^src/lib/${from}/` },
  to: { path: '^(src|agent|test)/', pathNot: room([from, ...base, ...allowed]) },
})
const pure = [
  'model',
  'traffic',
  'health',
  'coordination',
  'placement',
  'plan',
  'planners',
  'report',
]

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-rooms-have-no-io',
      severity: 'error',
      comment: 'node:crypto is allowed for hashes (plan id, fingerprint)',
      from: { path: room([...pure, ...base]) },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'pure-rooms-use-few-packages',
      severity: 'error',
      from: { path: room([...pure, ...base]), pathNot: '^src/lib/report/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'unknown'],
        pathNot: 'node_modules/(zod|fastest-levenshtein|luxon)/',
      },
    },
    mayKnow('units', []),
    mayKnow('errors', []),
    mayKnow('model', []),
    mayKnow('traffic', ['model']),
    mayKnow('health', ['model', 'traffic']),
    mayKnow('coordination', ['model', 'plan']),
    mayKnow('placement', ['model']),
    mayKnow('plan', ['model']),
    mayKnow('planners', ['model', 'traffic', 'health', 'placement', 'plan']),
    mayKnow('report', [
      'model',
      'traffic',
      'health',
      'coordination',
      'placement',
      'plan',
      'planners',
    ]),
    mayKnow('ports', ['model', 'traffic', 'health', 'plan']),
    mayKnow('reading', ['model', 'traffic', 'health', 'ports']),
    mayKnow('execution', [
      'model',
      'traffic',
      'health',
      'coordination',
      'placement',
      'plan',
      'planners',
      'ports',
    ]),
    mayKnow('adapters', ['model', 'traffic', 'health', 'plan', 'ports']),
    mayKnow('config', ['model', 'ports']),
    {
      name: 'no-adapter-imports-another',
      severity: 'error',
      from: { path: '^src/lib/adapters/([^/]+)/' },
      to: { path: '^src/lib/adapters/', pathNot: '^src/lib/adapters/$1/' },
    },
    {
      name: 'lib-does-not-know-commands',
      severity: 'error',
      from: { path: '^src/lib/' },
      to: { path: '^(src/commands|agent|test)/' },
    },
    {
      name: 'commands-reach-the-shell-through-cli',
      severity: 'error',
      from: { path: '^src/commands/' },
      to: { path: '^src/lib/(adapters|config)/' },
    },
    {
      name: 'commands-are-not-siblings',
      severity: 'error',
      from: { path: '^src/commands/' },
      to: { path: '^src/commands/' },
    },
    {
      name: 'plan-commands-cannot-reach-a-writer',
      severity: 'error',
      comment: 'a dry run cannot write: planning commands and the pure rooms see readers only',
      from: {
        path: '^src/(commands/[^/]+/plan\\.ts|lib/(model|traffic|health|coordination|placement|plan|planners|report)/)',
      },
      to: { path: '^src/lib/(execution/|ports/cluster-writer|cli/write-context)' },
    },
    {
      name: 'only-the-composition-root-opens-adapters',
      severity: 'error',
      from: {
        path: '^src/lib/cli/',
        pathNot: '^src/lib/cli/(context|read-context|write-context|compose[^/]*)(/|\\.ts)',
      },
      to: { path: '^src/lib/adapters/' },
    },
    {
      name: 'agent-imports-only-lib',
      severity: 'error',
      from: { path: '^agent/' },
      to: { path: '^(src/commands|test)/' },
    },
    {
      name: 'not-to-test',
      severity: 'error',
      from: { path: '^(src|agent|bin)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-dev-dependencies-at-run-time',
      severity: 'error',
      from: { path: '^(src|agent)/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/lib/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
