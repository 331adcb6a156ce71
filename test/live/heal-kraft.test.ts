import { describeHealing } from './heal-scenarios.js'

describeHealing('kraft', 26_200)
