#!/usr/bin/env -S node --import tsx
import { register } from 'tsx/esm/api'

register()
const { main } = await import('../src/lib/cli/main.ts')

await main(process.argv.slice(2), { development: true })
