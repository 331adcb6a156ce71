#!/usr/bin/env node
import { main } from '../dist/src/lib/cli/main.js'

await main(process.argv.slice(2), { development: false })
