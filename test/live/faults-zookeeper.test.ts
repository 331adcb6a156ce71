import { describeChaos } from './chaos-scenario.js'
import { describeFaults } from './faults-scenarios.js'

describeChaos('zookeeper', 25_700)
describeFaults('zookeeper', 25_600)
