/**
 * The program of a `rabbitmq` container: the real broker, started the quick way.
 *
 * RabbitMQ reads the attributes of all modules of all its plugins at start, one by one and each through the
 * code server: two thirds of its start-up time. Loading them in one batch beforehand leaves the same
 * modules in the same runtime in a fraction of that time.
 */
import { join } from 'node:path'
import { PLUGINS, writeBrokerFiles } from './files.ts'
import { type BrokerInstall, erlangBin, modulesOf } from './install.ts'

export interface BrokerContext {
  podIp: string
  /** The container's own folder: everything that the broker writes goes below it. */
  folder: string
  /** Two free ports on 127.0.0.1: the port mapper's and the node's own. */
  ports: { epmd: number; distribution: number }
}

const NODE_NAME = 'rabbit@localhost'
const APPLICATIONS = ['rabbit', 'rabbitmq_prelaunch', 'compiler', 'tools', 'syslog', ...PLUGINS]

/** What rabbitmq-server passes to the runtime, with the batch load before the boot. */
const BATCH_LOAD =
  'case file:consult(os:getenv("DEVENV_BROKER_MODULES")) of {ok,[L]} -> code:ensure_modules_loaded(L); _ -> ok end.'

/** The port mapper goes to the background, the runtime takes the shell's place. `$1` is the folder of both. */
const START = '"$1/epmd" -daemon && bin=$1 && shift && exec "$bin/erlexec" "$@"'

/** The argv and full environment of the broker. Writes its files. `env` is the container's. */
export function brokerProgram(
  install: BrokerInstall,
  env: Record<string, string>,
  context: BrokerContext,
): { argv: string[]; env: Record<string, string> } {
  const { folder, podIp } = context
  const bin = erlangBin(install)
  writeBrokerFiles(
    folder,
    {
      ip: podIp,
      amqpPort: 5672,
      managementPort: 15672,
      prometheusPort: 15692,
      user: env.RABBITMQ_DEFAULT_USER ?? 'guest',
      password: env.RABBITMQ_DEFAULT_PASS ?? 'guest',
      vhost: env.RABBITMQ_DEFAULT_VHOST ?? '/',
    },
    modulesOf(install, APPLICATIONS),
  )
  const argv = ['/bin/sh', '-c', START, 'sh', bin, ...runtimeArguments(install, env)]
  return { argv, env: { ...env, ...brokerEnvironment(install, context, bin, env.PATH ?? '') } }
}

function brokerEnvironment(
  install: BrokerInstall,
  { folder, ports }: BrokerContext,
  bin: string,
  path: string,
): Record<string, string> {
  return {
    PATH: [join(install.rabbitHome, 'sbin'), join(install.erlangRoot, 'bin'), path].join(':'),
    HOME: folder,
    ROOTDIR: install.erlangRoot,
    BINDIR: bin,
    EMU: 'beam',
    PROGNAME: 'erl',
    ERL_LIBS: join(install.rabbitHome, 'plugins'),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_MAX_ETS_TABLES: '50000',
    ERL_MAX_PORTS: '65536',
    SYS_PREFIX: '',
    DEVENV_BROKER_MODULES: join(folder, 'modules.config'),
    RABBITMQ_HOME: install.rabbitHome,
    RABBITMQ_PLUGINS_DIR: join(install.rabbitHome, 'plugins'),
    RABBITMQ_NODENAME: NODE_NAME,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'rabbitmq-env.conf'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'config'),
    RABBITMQ_SCHEMA_DIR: join(folder, 'schema'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
  }
}

function runtimeArguments(install: BrokerInstall, env: Record<string, string>): string[] {
  const additional = (env.RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
  return [
    '-noinput',
    ...['-boot', 'start_sasl'],
    ...['-eval', BATCH_LOAD],
    ...['-s', 'rabbit', 'boot'],
    ...'+W w +MBas ageffcbf +MHas ageffcbf +MBlmbcs 512 +MHlmbcs 512 +MMmcs 30'.split(' '),
    ...'+P 1048576 +t 5000000 +stbt db +zdbbl 128000 +sbwt none +sbwtdcpu none +sbwtdio none +B i'.split(' '),
    ...additional,
    ...['-syslog', 'logger', '[]', '-syslog', 'syslog_error_logger', 'false'],
    ...['-kernel', 'prevent_overlapping_partitions', 'false'],
    ...['-kernel', 'inet_dist_use_interface', '{127,0,0,1}'],
    ...(isAtLeast(install.version, 3, 13) ? ['-enable-feature', 'maybe_expr'] : []),
  ]
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ours = 0, theirs = 0] = version.split('.').map(Number)
  return ours > major || (ours === major && theirs >= minor)
}
