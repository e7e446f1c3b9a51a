/** For a small shop server on two cores; see the PostgreSQL manual, "Server Configuration". */
const SHOP_SETTINGS = {
  shared_buffers: '128MB',
  synchronous_commit: 'on',
  jit: 'off',
  // Left out: wal_compression. What it compresses with here cost two milliseconds for each order of a store that had not sold lately.
  // Plans kept from tables that were nearly empty are bad plans: statistics follow growth closely.
  autovacuum_naptime: '15s',
  autovacuum_vacuum_scale_factor: '0.05',
  autovacuum_analyze_scale_factor: '0.02',
  idle_in_transaction_session_timeout: '30s',
  timezone: 'UTC',
};

const DURABLE_SETTINGS = { fsync: 'on', full_page_writes: 'on' };
/** Commits still reach the operating system before they are answered: only a power cut loses some. */
const FORGETFUL_SETTINGS = { fsync: 'off', full_page_writes: 'off' };

/** What this folder relies on: a caller's settings do not change it. */
const FIXED_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  logging_collector: 'off',
  log_destination: 'stderr',
  log_line_prefix: '%b: ',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // Details and statements hold customers' data.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_statement: 'none',
  log_min_messages: 'warning',
};

/** Arguments for `postgres`; `settings` override those for a shop, and `own` come last and hold. */
export function settingArguments(options: {
  durable: boolean;
  settings: Readonly<Record<string, string>>;
  own: Readonly<Record<string, string>>;
}): string[] {
  const durability = options.durable ? DURABLE_SETTINGS : FORGETFUL_SETTINGS;
  const all = { ...SHOP_SETTINGS, ...durability, ...options.settings, ...FIXED_SETTINGS, ...options.own };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
