import { describeChaos } from './chaos-scenario.js'
import { describeFaults } from './faults-scenarios.js'

describeChaos('kraft', 25_500)
describeFaults('kraft', 25_400)
