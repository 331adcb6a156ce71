/** What stands in a bit field of operations when Kafka was not asked for it (KIP-430). */
export const NOT_TOLD = -2_147_483_648
