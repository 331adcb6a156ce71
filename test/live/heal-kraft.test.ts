import { describeHealing } from './heal-scenarios.js'

describeHealing('kraft', 21_600)
