// Owns: handing the process over to the pinned Node with the task to run.
// Does not own: installing (installation.mjs) or what a task does.

import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** Signals a supervisor or a person sends to end a command. */
const FORWARDED_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** First Node whose `process.execve` is usable: then no wrapper process stays behind. */
const EXECVE_SINCE_MAJOR = 24;

/**
 * Runs `node <args>` with the given binary in place of this process, so that signals, standard streams and the exit
 * code are the task's own. Where a process can't be replaced (an older host Node, Windows) a child is started and
 * signals and the exit code are passed on.
 *
 * @param {{ root: string, node: string, args: string[] }} options
 */
export function runTask({ root, node, args }) {
  const env = { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) };
  if (canReplaceProcess()) {
    // Silences one line about execve being experimental; the replaced process starts with its own warnings intact.
    process.removeAllListeners('warning');
    process.execve(node, [node, ...args], env);
  }
  const child = spawn(node, args, { env, stdio: 'inherit' });
  forwardSignals(child);
  child.once('error', (error) => {
    process.stderr.write(`weir: could not start ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => endLike(code, signal));
}

function canReplaceProcess() {
  const major = Number.parseInt(process.versions.node, 10);
  return process.platform !== 'win32' && major >= EXECVE_SINCE_MAJOR && typeof process.execve === 'function';
}

function forwardSignals(child) {
  for (const signal of FORWARDED_SIGNALS) {
    process.on(signal, () => {
      // Ctrl-C reaches the whole terminal group: the child has it already, and twice would mean "at once".
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
}

/** Ends this process as the child ended, so that a caller can't tell them apart. */
function endLike(code, signal) {
  if (signal === null) {
    process.exitCode = code ?? 1;
    return;
  }
  for (const forwarded of FORWARDED_SIGNALS) process.removeAllListeners(forwarded);
  process.kill(process.pid, signal);
}
