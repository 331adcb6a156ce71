import { sweepDeadLabs } from '../lab-folder.js'
import { endKeptLab, findLab, openLab, startKeptLab } from '../kept-labs.js'
import { type LabArguments, parseLabArguments, USAGE } from './arguments.js'
import { runLoad } from './load.js'
import { printStatus } from './status.js'

/** `npm run lab -- ...`: what was done goes to stderr, what was asked for to stdout. */
async function main(args: LabArguments): Promise<void> {
  switch (args.command) {
    case 'up': {
      const lab = await openLab(await startKeptLab(args.options))
      console.error(`lab: ${lab.brokers.length} brokers up in ${lab.dir}`)
      printStatus(lab)
      return
    }
    case 'down': {
      const swept = await sweepDeadLabs()
      for (const dir of swept) console.error(`lab: swept ${dir}, whose owner is dead`)
      if (swept.length > 0 && args.basePort === undefined) return
      await endKeptLab(findLab(args.basePort))
      console.error('lab: down')
      return
    }
    case 'status':
      printStatus(await openLab(findLab(args.basePort).layout.dir))
      return
    case 'load':
      await runLoad(await openLab(findLab(args.basePort).layout.dir), args.load)
      return
    default:
      await changeBroker(args)
  }
}

async function changeBroker(args: Extract<LabArguments, { brokerId: number }>): Promise<void> {
  const lab = await openLab(findLab(args.basePort).layout.dir)
  await lab[args.command](args.brokerId)
  const state = lab.brokers.find((broker) => broker.id === args.brokerId)?.state
  console.error(`lab: broker ${args.brokerId} is ${state}`)
}

try {
  const args = parseLabArguments(process.argv.slice(2))
  if (args === undefined) {
    console.error(USAGE)
    process.exitCode = 64
  } else await main(args)
} catch (error) {
  console.error(`lab: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
