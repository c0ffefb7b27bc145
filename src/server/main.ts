#!/usr/bin/env node
// Owns: starting the server as a process: the only file here that acts. Not: anything else (run.ts).

import { runServer } from './lifecycle/run.ts';

await runServer({ environment: process.env, checkConfig: process.argv.includes('--check-config') });
