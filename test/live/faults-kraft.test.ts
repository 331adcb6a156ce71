import { describeFaults } from './faults-scenarios.js'

describeFaults('kraft', 25_400)
